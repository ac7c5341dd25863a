/** The command line and the wiring of the server. */
@NullMarked
package io.duplexer.app;

import org.jspecify.annotations.NullMarked;

/** The program. */
@NullMarked
package io.duplexer.app;

import org.jspecify.annotations.NullMarked;

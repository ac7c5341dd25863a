/** The command line: options with their defaults, checked and made into settings. */
@NullMarked
package io.duplexer.app.cli;

import org.jspecify.annotations.NullMarked;

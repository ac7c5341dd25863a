/** What the server answers to input that is wrong, too large, too fast or not allowed, and that it then goes on. */
@NullMarked
package io.duplexer.e2e.badinput;

import org.jspecify.annotations.NullMarked;

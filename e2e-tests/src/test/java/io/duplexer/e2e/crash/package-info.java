/** The server killed in the middle of its work, and what it promised compared with what is there afterwards. */
@NullMarked
package io.duplexer.e2e.crash;

import org.jspecify.annotations.NullMarked;

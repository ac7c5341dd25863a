/** Clients that others wrote, in their own languages, each against the running server. */
@NullMarked
package io.duplexer.e2e.foreign;

import org.jspecify.annotations.NullMarked;

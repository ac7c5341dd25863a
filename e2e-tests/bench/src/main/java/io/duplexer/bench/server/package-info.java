/** The servers in Java that are compared. */
@NullMarked
package io.duplexer.bench.server;

import org.jspecify.annotations.NullMarked;

/** Clients that put a server under load, all on one thread. */
@NullMarked
package io.duplexer.bench.load;

import org.jspecify.annotations.NullMarked;

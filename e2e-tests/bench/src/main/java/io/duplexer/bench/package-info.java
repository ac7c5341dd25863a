/** Servers under load, side by side: {@link io.duplexer.bench.Bench} is the command. */
@NullMarked
package io.duplexer.bench;

import org.jspecify.annotations.NullMarked;

/** What is compared: commands that start servers, and the processes they become. */
@NullMarked
package io.duplexer.bench.contender;

import org.jspecify.annotations.NullMarked;

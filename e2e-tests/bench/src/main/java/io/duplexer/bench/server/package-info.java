/** The servers in Java that are compared, and a way to reach one of them through HTTP/2. */
@NullMarked
package io.duplexer.bench.server;

import org.jspecify.annotations.NullMarked;

/** The gateway as a process, before upstreams as processes: in another language, killed, paused, taken away. */
@NullMarked
package io.duplexer.e2e.gateway;

import org.jspecify.annotations.NullMarked;

/** Connections are cut, WebSockets blocked and servers killed under people who go on writing. */
@NullMarked
package io.duplexer.e2e.chaos;

import org.jspecify.annotations.NullMarked;

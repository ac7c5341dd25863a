/** The server as a process: how it starts, fails to start, stops, and what it serves besides the chat. */
@NullMarked
package io.duplexer.e2e.process;

import org.jspecify.annotations.NullMarked;

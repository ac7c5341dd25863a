/** The message log: one interface, and the engines behind it. Knows nothing of rooms' members or transports. */
@NullMarked
package io.duplexer.app.history;

import org.jspecify.annotations.NullMarked;

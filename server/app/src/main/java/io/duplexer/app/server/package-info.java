/** The chat server: chat, gRPC, page and documentation on one port. */
@NullMarked
package io.duplexer.app.server;

import org.jspecify.annotations.NullMarked;

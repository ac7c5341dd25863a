/** The chat on the wire: its service on gRPC and gRPC-Web, and its WebSocket in JSON and protobuf. */
@NullMarked
package io.duplexer.app.transport;

import org.jspecify.annotations.NullMarked;

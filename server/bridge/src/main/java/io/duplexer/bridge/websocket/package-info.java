/**
 * WebSocket (RFC 6455, 7692 and 8441) for Armeria, with Jetty's WebSocket core as the protocol engine.
 *
 * <p>{@link io.duplexer.bridge.websocket.WebSocketEndpoint} is an Armeria service. A {@link
 * io.duplexer.bridge.websocket.WebSocketHandler} makes a {@link io.duplexer.bridge.websocket.WebSocketListener} for
 * each connection, which gets whole messages; it sends through a {@link
 * io.duplexer.bridge.websocket.WebSocketSession}.
 */
@NullMarked
package io.duplexer.bridge.websocket;

import org.jspecify.annotations.NullMarked;

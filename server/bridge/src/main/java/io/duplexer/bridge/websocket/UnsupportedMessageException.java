package io.duplexer.bridge.websocket;

/**
 * Thrown by a {@link WebSocketListener} that has no use for a kind of message: closes the session with {@link
 * CloseStatus#UNSUPPORTED_DATA} (RFC 6455, section 7.4.1). Unlike any other exception its message is told to the peer.
 */
public final class UnsupportedMessageException extends RuntimeException {
    public UnsupportedMessageException(String reason) {
        super(reason);
    }
}

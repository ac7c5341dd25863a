package io.duplexer.bridge.websocket;

/** What a send fails with when its session is closed, closing, or lost before the bytes were written. */
public final class WebSocketClosedException extends RuntimeException {
    private final CloseStatus status;

    WebSocketClosedException(CloseStatus status) {
        super("The WebSocket session is closed: " + status, null, false, false);
        this.status = status;
    }

    /** Why the session is closed. */
    public CloseStatus status() {
        return status;
    }
}

package io.duplexer.bridge.websocket;

/** Accepts the sessions of a {@link WebSocketEndpoint}. */
@FunctionalInterface
public interface WebSocketHandler {
    /**
     * Called once for each session, on its event loop, after the handshake has been written and before anything is read.
     * Must not block. Whatever it throws closes the session with {@link CloseStatus#SERVER_ERROR}.
     *
     * @return what shall receive this session's messages
     */
    WebSocketListener onOpen(WebSocketSession session);
}

package io.duplexer.bridge.websocket;

/**
 * Receives what one peer sends. Every method is called on the session's event loop, which is the one of its connection,
 * one at a time, never from inside another, with the request's context pushed, and must not block. Whatever a method
 * throws is logged and closes the session with {@link CloseStatus#SERVER_ERROR}; nothing of it is told to the peer.
 */
public interface WebSocketListener {
    /** A whole text message. By default the session is closed with {@link CloseStatus#UNSUPPORTED_DATA}. */
    default void onText(String text) {
        throw new UnsupportedMessageException("This endpoint takes no text messages");
    }

    /**
     * A whole binary message. By default the session is closed with {@link CloseStatus#UNSUPPORTED_DATA}.
     *
     * @param message the listener's own from now on
     */
    default void onBinary(byte[] message) {
        throw new UnsupportedMessageException("This endpoint takes no binary messages");
    }

    /**
     * A pong, solicited by {@link WebSocketSession#sendPing} or not. The answers to the engine's own pings are not told.
     *
     * @param payload at most 125 bytes, the listener's own from now on
     */
    default void onPong(byte[] payload) {}

    /**
     * The outbound queue, having been too full to be {@linkplain WebSocketSession#isWritable() writable}, has drained
     * below half of that mark.
     */
    default void onWritable() {}

    /**
     * The server stops, and closes the session with {@link CloseStatus#GOING_AWAY} after this, unless it is closed here.
     * What is sent here goes before the Close frame.
     */
    default void onServerStopping() {}

    /**
     * The session is over. Called exactly once, always as the last call.
     *
     * @param status the first Close frame of either side: the peer's, or the one sent from here; {@link
     *     CloseStatus#ABNORMAL} if the connection was lost without any
     */
    default void onClosed(CloseStatus status) {}
}

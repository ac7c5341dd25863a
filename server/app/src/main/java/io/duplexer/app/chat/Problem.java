package io.duplexer.app.chat;

/**
 * Why the chat refuses something or ends a session: a closed set, each with its owner. The numbers are those of
 * gRPC's status codes, which every transport reports in its own way.
 */
public enum Problem {
    /** The caller sent a message with a field that can never be accepted. */
    INVALID_ARGUMENT(3),
    /** The caller sent something that is not a message. */
    MALFORMED(3),
    /** The caller publishes too fast. */
    RATE_LIMITED(8),
    /** A limit of this server is reached: rooms, subscriptions, sessions. */
    TOO_MANY(8),
    /** The subscriber reads too slowly: its queue reached its limit. It may resume where it was. */
    SLOW_SUBSCRIBER(8),
    /** A fault of ours. */
    INTERNAL(13),
    /** The history cannot be read or written just now. */
    UNAVAILABLE(14),
    /** The server is stopping. */
    STOPPING(14);

    private final int code;

    Problem(int code) {
        this.code = code;
    }

    /** The number of the gRPC status code. */
    public int code() {
        return code;
    }
}

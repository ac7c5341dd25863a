package io.duplexer.app.chat;

import java.time.Duration;

/**
 * What one client may take from the chat. Each limit is answered with INVALID_ARGUMENT (sizes) or
 * RESOURCE_EXHAUSTED (counts and rates).
 *
 * @param maxContentBytes of a message's {@code content}, in bytes of UTF-8
 * @param maxSessions open streams and sockets of the whole server
 * @param maxRooms rooms that have members at one time, besides the lobby
 * @param maxSubscriptions rooms that one session may be in
 * @param publishRate messages and events a second that one connection may send, on average; 0 for no limit
 * @param publishBurst messages and events that one connection may send at once after a pause
 * @param presenceGrace how long a user whose last connection to a room is lost stays present there; zero: not at all
 */
public record ChatLimits(
        int maxContentBytes,
        int maxSessions,
        int maxRooms,
        int maxSubscriptions,
        int publishRate,
        int publishBurst,
        Duration presenceGrace) {
    /** Of {@code id}, {@code user_id} and {@code room}, in bytes of UTF-8. */
    public static final int MAX_NAME_BYTES = 128;

    /** Of stored messages that a join may ask for, and of member names that its answer lists. */
    public static final int MAX_LISTED = 1_000;

    public ChatLimits {
        require("maxContentBytes", maxContentBytes, 1);
        require("maxSessions", maxSessions, 1);
        require("maxRooms", maxRooms, 1);
        require("maxSubscriptions", maxSubscriptions, 1);
        require("publishRate", publishRate, 0);
        require("publishBurst", publishBurst, 1);
        if (presenceGrace.isNegative()) {
            throw new IllegalArgumentException("presenceGrace: " + presenceGrace + " (expected: >= 0)");
        }
    }

    private static void require(String name, int value, int minimum) {
        if (value < minimum) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + minimum + ")");
        }
    }
}

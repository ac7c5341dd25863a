package io.duplexer.app.history;

/**
 * How much a log keeps. The oldest messages go first; a resume point that is older than the oldest message kept can
 * no longer be honoured.
 *
 * @param maxRooms how many rooms may have messages; one more is refused
 * @param maxMessagesPerRoom of the newest messages of each room
 * @param maxBytes of all messages together, in bytes of their protobuf encoding
 */
public record Retention(int maxRooms, int maxMessagesPerRoom, long maxBytes) {
    public Retention {
        requirePositive("maxRooms", maxRooms);
        requirePositive("maxMessagesPerRoom", maxMessagesPerRoom);
        requirePositive("maxBytes", maxBytes);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}

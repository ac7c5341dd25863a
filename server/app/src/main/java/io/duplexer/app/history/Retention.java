package io.duplexer.app.history;

import java.time.Duration;

/**
 * How much a log keeps. The oldest messages go first, some time after they may; a resume point that is older than the
 * oldest message kept can no longer be honoured.
 *
 * @param maxRooms how many rooms may have messages; one more is refused
 * @param maxMessagesPerRoom of the newest messages of each room
 * @param maxAge of a message, by its timestamp; zero: no limit
 * @param duplicates how long at least a message that is sent again is known by its room, user and id. An engine in
 *     memory knows it as long as it keeps the message.
 */
public record Retention(int maxRooms, int maxMessagesPerRoom, Duration maxAge, Duration duplicates) {
    public Retention {
        requirePositive("maxRooms", maxRooms);
        requirePositive("maxMessagesPerRoom", maxMessagesPerRoom);
        if (maxAge.isNegative()) {
            throw new IllegalArgumentException("maxAge: " + maxAge + " (expected: >= 0)");
        }
        requirePositive("duplicates", duplicates.toMillis());
    }

    /** The timestamp below which a message is too old at {@code nowMillis}. */
    public long oldestMillis(long nowMillis) {
        return maxAge.isZero() ? Long.MIN_VALUE : nowMillis - maxAge.toMillis();
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}

package io.duplexer.app.history;

import java.time.Duration;

/** Retention by count alone. */
public final class Retentions {
    private Retentions() {}

    /** Whatever the age of messages. */
    public static Retention of(int maxRooms, int maxMessagesPerRoom) {
        return new Retention(maxRooms, maxMessagesPerRoom, Duration.ZERO, Duration.ofDays(7));
    }
}

package io.duplexer.app.history.sqlite;

/**
 * Where a message is in the database: its room and its sequence in one number, so that the messages of a room lie
 * beside each other in their order, and finding one takes no index.
 *
 * <pre>{@code
 *  63     62 ........ 39     38 ........ 0
 *   0     room, 24 bits      sequence, 39 bits
 * }</pre>
 */
final class Place {
    private static final int SEQUENCE_BITS = 39;

    static final int MAX_ROOM = (1 << (Long.SIZE - 1 - SEQUENCE_BITS)) - 1;
    static final long MAX_SEQUENCE = (1L << SEQUENCE_BITS) - 1;

    private Place() {}

    static long of(int room, long sequence) {
        if (room < 0 || room > MAX_ROOM || sequence < 0 || sequence > MAX_SEQUENCE) {
            throw new IllegalArgumentException("room, sequence: " + room + ", " + sequence + " (expected: at most "
                    + MAX_ROOM + ", " + MAX_SEQUENCE + ")");
        }
        return (long) room << SEQUENCE_BITS | sequence;
    }

    static long sequence(long place) {
        return place & MAX_SEQUENCE;
    }
}

package io.duplexer.app.history;

/** A limit of the log refuses the message. The text names the limit. */
public final class HistoryFullException extends RuntimeException {
    private HistoryFullException(String message) {
        super(message, null, false, false);
    }

    /** The log has as many rooms as it may. */
    public static HistoryFullException rooms(String room, int maxRooms) {
        return new HistoryFullException("room: " + room + " would be one more than the " + maxRooms
                + " rooms that may have messages (expected: an existing room)");
    }
}

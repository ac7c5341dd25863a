package io.duplexer.app.history;

/** A limit of the log refuses the message. The text names the limit. */
public final class HistoryFullException extends RuntimeException {
    public HistoryFullException(String message) {
        super(message, null, false, false);
    }
}

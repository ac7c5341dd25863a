package io.duplexer.app.history;

/** The log cannot be written just now, or not that fast; the same message may be tried again. */
public final class HistoryUnavailableException extends RuntimeException {
    public HistoryUnavailableException(String message) {
        super(message, null, false, false);
    }
}

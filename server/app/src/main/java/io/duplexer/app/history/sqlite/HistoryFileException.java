package io.duplexer.app.history.sqlite;

/** The history cannot be opened. The text is one line for the person who starts the server, and says it all. */
public final class HistoryFileException extends Exception {
    HistoryFileException(String message) {
        super(message, null, false, false);
    }
}

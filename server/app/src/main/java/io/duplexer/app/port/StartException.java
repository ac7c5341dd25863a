package io.duplexer.app.port;

/** The server cannot start with these settings. The text is for the person who started it, and says it all. */
public final class StartException extends Exception {
    public StartException(String message) {
        super(message, null, false, false);
    }
}

package io.duplexer.app;

/** The server cannot start with these settings. The text is for the person who started it, and says it all. */
final class StartException extends Exception {
    StartException(String message) {
        super(message, null, false, false);
    }
}

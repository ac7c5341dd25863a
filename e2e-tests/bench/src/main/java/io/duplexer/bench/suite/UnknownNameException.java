package io.duplexer.bench.suite;

/** None of what a suite has goes by a name that was asked for; the message says which names it knows. */
public final class UnknownNameException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownNameException(String message) {
        super(message);
    }
}

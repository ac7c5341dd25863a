package io.duplexer.app.chat;

import java.time.Duration;

/** A refusal, worded for the developer of the client. Carries no stack trace: it is an answer, not a fault. */
public final class ChatException extends RuntimeException {
    private final Problem problem;
    private final Duration retryAfter;

    public ChatException(Problem problem, String reason) {
        this(problem, reason, Duration.ZERO);
    }

    /**
     * A refusal that may pass.
     *
     * @param retryAfter when the same request may succeed; zero when waiting will not help
     */
    public ChatException(Problem problem, String reason, Duration retryAfter) {
        super(reason, null, false, false);
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    public Problem problem() {
        return problem;
    }

    /** What was wrong and what is expected. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}

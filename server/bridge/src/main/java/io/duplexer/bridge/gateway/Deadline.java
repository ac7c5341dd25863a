package io.duplexer.bridge.gateway;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a call has to have ended, as its client's {@code grpc-timeout} has it.
 *
 * @param timeout from the start on
 * @param startNanos of {@link System#nanoTime()}
 */
record Deadline(Duration timeout, long startNanos) {
    /** After the timeout from now. */
    static Deadline in(Duration timeout) {
        return new Deadline(timeout, System.nanoTime());
    }

    /** Negative when it has passed. Of more than 292 years: as if it were those. */
    long remainingNanos() {
        return TimeUnit.NANOSECONDS.convert(timeout) - (System.nanoTime() - startNanos);
    }

    /** As the value of {@code grpc-timeout}. */
    String remaining() {
        return GrpcTimeout.format(Duration.ofNanos(Math.max(0, remainingNanos())));
    }
}

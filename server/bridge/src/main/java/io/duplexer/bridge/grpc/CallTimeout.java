package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.util.TimeoutMode;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of a call, with the rules of Armeria's request timeouts. It may be set from any thread, and passes on the
 * event loop, once.
 */
final class CallTimeout {
    private static final long NONE = Long.MAX_VALUE;

    private final EventExecutor loop;
    private final Runnable onPassed;
    private final long startNanos = System.nanoTime();
    /** Counted from the start. */
    private long timeoutNanos;

    private @Nullable ScheduledFuture<?> timer;
    private boolean stopped;

    /** @param initial zero means none */
    CallTimeout(EventExecutor loop, Duration initial, Runnable onPassed) {
        this.loop = loop;
        this.onPassed = onPassed;
        timeoutNanos = initial.isZero() ? NONE : saturatedNanos(initial);
    }

    synchronized void start() {
        schedule();
    }

    /** The whole of it in milliseconds, or 0 if there is none. */
    synchronized long toMillis() {
        return timeoutNanos == NONE ? 0 : TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
    }

    synchronized void clear() {
        timeoutNanos = NONE;
        cancelTimer();
    }

    synchronized void set(TimeoutMode mode, Duration duration) {
        var nanos = saturatedNanos(duration);
        timeoutNanos = switch (mode) {
            case SET_FROM_NOW -> saturatedSum(requireAtLeast(1, nanos), elapsedNanos());
            case SET_FROM_START -> requireAtLeast(0, nanos);
            case EXTEND -> timeoutNanos == NONE ? NONE : saturatedSum(timeoutNanos, nanos);
        };
        schedule();
    }

    /** The call has ended: it cannot time out any more. */
    synchronized void stop() {
        stopped = true;
        cancelTimer();
    }

    private void schedule() {
        cancelTimer();
        if (!stopped && timeoutNanos != NONE) {
            timer = loop.schedule(onPassed, timeoutNanos - elapsedNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    private static long requireAtLeast(long minimum, long nanos) {
        if (nanos < minimum) {
            throw new IllegalArgumentException("timeout: " + nanos + " ns (expected: >= " + minimum + ")");
        }
        return nanos;
    }

    private static long saturatedNanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? Long.MIN_VALUE : NONE;
        }
    }

    private static long saturatedSum(long nanos, long more) {
        try {
            return Math.addExact(nanos, more);
        } catch (ArithmeticException e) {
            return more < 0 ? Long.MIN_VALUE : NONE;
        }
    }
}

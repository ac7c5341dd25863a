package io.duplexer.app.chat;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The publish rate of one connection: {@code burst} permits at first, {@code rate} more each second, never above
 * {@code burst}. Thread-safe.
 */
public final class TokenBucket {
    private static final long PERMIT = 1_000_000_000;

    private final int rate;
    private final long capacity;
    private final LongSupplier nanoTime;

    /** In billionths of a permit, so that a nanosecond earns exactly {@code rate} of them. */
    private long available;

    private long updatedAt;

    /**
     * @param rate permits a second; 0 for no limit
     * @param nanoTime as {@link System#nanoTime()}
     */
    TokenBucket(int rate, int burst, LongSupplier nanoTime) {
        this.rate = rate;
        this.capacity = burst * PERMIT;
        this.nanoTime = nanoTime;
        this.available = capacity;
        this.updatedAt = nanoTime.getAsLong();
    }

    /**
     * Takes a permit if there is one.
     *
     * @return zero when it was taken, otherwise how long to wait until there is one
     */
    public synchronized Duration tryTake() {
        if (rate == 0) {
            return Duration.ZERO;
        }
        var now = nanoTime.getAsLong();
        // A pause longer than it takes to fill the bucket earns no more, and must not overflow.
        var elapsed = Math.min(now - updatedAt, capacity / rate + 1);
        available = Math.min(capacity, available + elapsed * rate);
        updatedAt = now;
        if (available < PERMIT) {
            return Duration.ofNanos((PERMIT - available) / rate + 1);
        }
        available -= PERMIT;
        return Duration.ZERO;
    }
}

package io.duplexer.app.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** So many at once, so many a second, on a clock of the test's own. */
final class TokenBucketTest {
    private final AtomicLong nanoTime = new AtomicLong();

    private TokenBucket bucket(int rate, int burst) {
        return new TokenBucket(rate, burst, nanoTime::get);
    }

    /** Takes as many as there are, at most {@code limit}. */
    private static int takeAll(TokenBucket bucket, int limit) {
        var taken = 0;
        while (taken < limit && bucket.tryTake().isZero()) {
            taken++;
        }
        return taken;
    }

    @ParameterizedTest(name = "rate {0}, burst {1}, empty for {2} ms: {3} permits")
    @CsvSource({
        "100, 200, 0, 0",
        "100, 200, 9, 0",
        "100, 200, 10, 1",
        "100, 200, 19, 1",
        "100, 200, 1000, 100",
        "100, 200, 1999, 199",
        "100, 200, 2000, 200",
        "100, 200, 2001, 200",
        "100, 200, 999999999, 200",
        "1, 1, 999, 0",
        "1, 1, 1000, 1",
        "1, 1, 5000, 1",
        "3, 2, 333, 0",
        "3, 2, 334, 1",
        "3, 2, 667, 2",
        "1000000, 1, 1, 1",
        "1, 1000000, 1000000000, 1000000",
    })
    void aPauseEarnsTheRateUpToTheBurst(int rate, int burst, long pauseMillis, int permits) {
        var bucket = bucket(rate, burst);
        assertThat(takeAll(bucket, Integer.MAX_VALUE)).isEqualTo(burst);

        nanoTime.addAndGet(Duration.ofMillis(pauseMillis).toNanos());
        assertThat(takeAll(bucket, Integer.MAX_VALUE)).isEqualTo(permits);
    }

    @ParameterizedTest(name = "rate {0}")
    @ValueSource(ints = {1, 3, 7, 100, 999_983, 1_000_000})
    void theAnnouncedWaitIsEnoughAndHardlyMoreThanThat(int rate) {
        var bucket = bucket(rate, 1);
        assertThat(bucket.tryTake()).isZero();
        var wait = bucket.tryTake();
        assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofNanos(1_000_000_000 / rate + 1));

        nanoTime.addAndGet(wait.toNanos() - 2);
        assertThat(bucket.tryTake()).isPositive();
        nanoTime.addAndGet(2);
        assertThat(bucket.tryTake()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "100, 200", "1000000, 1000000", "2147483647, 2147483647", "1, 2147483647"})
    void aVeryLongPauseOverflowsNothing(int rate, int burst) {
        var bucket = bucket(rate, burst);
        assertThat(takeAll(bucket, 1_000)).isEqualTo(Math.min(burst, 1_000));

        nanoTime.addAndGet(Duration.ofDays(365 * 200).toNanos());
        assertThat(takeAll(bucket, 1_000)).isEqualTo(Math.min(burst, 1_000));
    }

    @Test
    void aFullBucketEarnsNothing() {
        var bucket = bucket(100, 200);
        nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(takeAll(bucket, Integer.MAX_VALUE)).isEqualTo(200);
    }

    @Test
    void theClockMayRunOverItsEnd() {
        nanoTime.set(Long.MAX_VALUE - 1);
        var bucket = bucket(1, 1);
        assertThat(bucket.tryTake()).isZero();

        nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(bucket.tryTake()).isZero();
    }

    @Test
    void smallStepsEarnAsMuchAsOneGreatOne() {
        var bucket = bucket(3, 10);
        takeAll(bucket, 10);
        var taken = 0;
        for (var i = 0; i < 1_000; i++) {
            nanoTime.addAndGet(1_000_000);
            taken += takeAll(bucket, 10);
        }
        assertThat(taken).isEqualTo(3);
    }

    @Test
    void rateZeroIsNoLimit() {
        assertThat(takeAll(bucket(0, 1), 100_000)).isEqualTo(100_000);
    }

    @Test
    void manyThreadsTogetherTakeTheBurstAndNoMore() {
        var bucket = bucket(1, 1_000);
        var taken = new AtomicInteger();
        var threads = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.runAsync(() -> taken.addAndGet(takeAll(bucket, 1_000))))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(threads).join();

        assertThat(taken).hasValue(1_000);
    }
}

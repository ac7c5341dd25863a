package io.duplexer.bridge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.util.TimeoutMode;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CallTimeoutTest {
    private static final long NO_TIMER = -1;

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final AtomicInteger passed = new AtomicInteger();

    private CallTimeout timeout(Duration initial) {
        CallTimeout timeout = new CallTimeout(clock.eventLoop(), initial, passed::incrementAndGet);
        timeout.start();
        return timeout;
    }

    private void advance(Duration duration) {
        clock.advanceTimeBy(duration.toMillis(), TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
    }

    @AfterEach
    void close() {
        clock.finishAndReleaseAll();
    }

    @Test
    void itPassesOnceAtItsTime() {
        CallTimeout timeout = timeout(Duration.ofSeconds(10));
        assertThat(timeout.toMillis()).isEqualTo(10_000);
        advance(Duration.ofSeconds(9));
        assertThat(passed).hasValue(0);
        advance(Duration.ofSeconds(1));
        assertThat(passed).hasValue(1);
        assertThat(clock.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
    }

    @Test
    void zeroAtTheBeginningMeansNone() {
        CallTimeout timeout = timeout(Duration.ZERO);
        assertThat(timeout.toMillis()).isZero();
        assertThat(clock.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
        timeout.set(TimeoutMode.EXTEND, Duration.ofSeconds(1));
        assertThat(clock.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
    }

    @Test
    void aNewTimeReplacesTheOld() {
        CallTimeout timeout = timeout(Duration.ofSeconds(1));
        timeout.set(TimeoutMode.SET_FROM_START, Duration.ofSeconds(20));
        advance(Duration.ofSeconds(10));
        assertThat(passed).hasValue(0);
        timeout.set(TimeoutMode.EXTEND, Duration.ofSeconds(20));
        assertThat(timeout.toMillis()).isEqualTo(40_000);
        advance(Duration.ofSeconds(29));
        assertThat(passed).hasValue(0);
        timeout.clear();
        assertThat(clock.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
    }

    @Test
    void aStoppedOneLeavesNoTimerAndTakesNone() {
        CallTimeout timeout = timeout(Duration.ofSeconds(1));
        timeout.stop();
        assertThat(clock.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
        timeout.set(TimeoutMode.SET_FROM_NOW, Duration.ofSeconds(1));
        assertThat(clock.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
    }

    @Test
    void timesBeyondCountingAreNone() {
        CallTimeout timeout = timeout(Duration.ofSeconds(1));
        timeout.set(TimeoutMode.SET_FROM_NOW, Duration.ofNanos(Long.MAX_VALUE));
        assertThat(timeout.toMillis()).isZero();
        timeout.set(TimeoutMode.SET_FROM_START, Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(clock.runScheduledPendingTasks()).isEqualTo(NO_TIMER);
    }

    @Test
    void nonsenseIsRefused() {
        CallTimeout timeout = timeout(Duration.ofSeconds(1));
        assertThatThrownBy(() -> timeout.set(TimeoutMode.SET_FROM_NOW, Duration.ZERO))
                .hasMessage("timeout: 0 ns (expected: >= 1)");
        assertThatThrownBy(() -> timeout.set(TimeoutMode.SET_FROM_START, Duration.ofNanos(-1)))
                .hasMessage("timeout: -1 ns (expected: >= 0)");
    }
}

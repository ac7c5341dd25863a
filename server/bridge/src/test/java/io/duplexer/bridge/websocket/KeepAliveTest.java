package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a peer counts as silent, in a time that the test makes. */
final class KeepAliveTest {
    private static final Duration INTERVAL = Duration.ofSeconds(25);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LITTLE = Duration.ofMillis(10);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PlayedPeer peer = new PlayedPeer();
    private final KeepAlive keepAlive = new KeepAlive(channel.eventLoop(), INTERVAL, TIMEOUT, peer);

    @BeforeEach
    void start() {
        channel.freezeTime();
        keepAlive.start();
    }

    @AfterEach
    void stop() {
        keepAlive.stop();
        channel.finishAndReleaseAll();
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void silenceUntilTheTimeoutIsNoneYet() {
        pass(INTERVAL);
        pass(TIMEOUT.minus(LITTLE));
        assertThat(peer.silent).isFalse();
        pass(LITTLE);
        assertThat(peer.silent).isTrue();
    }

    @Test
    void anAnswerThatIsReadJustAfterReadingWasResumedIsInTime() {
        peer.paused = true;
        pass(INTERVAL);
        pass(TIMEOUT.minus(LITTLE));
        peer.paused = false;
        keepAlive.readingResumed();
        pass(LITTLE);
        assertThat(peer.silent).isFalse();
        peer.receivedBytes++;
        pass(TIMEOUT);
        assertThat(peer.silent).isFalse();
    }

    @Test
    void aPeerThatStaysSilentAfterReadingWasResumedIsToldAfterTheTimeout() {
        peer.paused = true;
        pass(INTERVAL);
        peer.paused = false;
        keepAlive.readingResumed();
        pass(TIMEOUT.minus(LITTLE));
        assertThat(peer.silent).isFalse();
        pass(LITTLE);
        assertThat(peer.silent).isTrue();
    }

    @Test
    void aPeerThatMayStillBeReadingIsWaitedForAsLongAsItsHostIsThere() {
        peer.waitedFor = true;
        peer.sentBytes = 100;
        for (int i = 0; i < 3; i++) {
            pass(INTERVAL);
            assertThat(peer.silent).isFalse();
        }
        peer.waitedFor = false;
        pass(INTERVAL);
        assertThat(peer.silent).isTrue();
    }

    @Test
    void aPeerThatHasReadEverythingIsNotWaitedFor() {
        peer.waitedFor = true;
        peer.sentBytes = 100;
        pass(INTERVAL);
        assertThat(keepAlive.accept(ByteBuffer.wrap(peer.lastPing))).isTrue();
        peer.receivedBytes++;
        pass(INTERVAL);
        pass(TIMEOUT.minus(LITTLE));
        assertThat(peer.silent).isFalse();
        pass(LITTLE);
        assertThat(peer.silent).isTrue();
    }

    @Test
    void anAnswerToAnEarlierPingDoesNotSayThatAllHasBeenRead() {
        peer.waitedFor = true;
        pass(INTERVAL);
        byte[] earlier = peer.lastPing;
        peer.receivedBytes++;
        peer.sentBytes += 100;
        pass(INTERVAL);
        assertThat(keepAlive.accept(ByteBuffer.wrap(earlier))).isTrue();
        pass(INTERVAL);
        assertThat(peer.silent).isFalse();
    }

    @Test
    void onePingThatWaitsToBeWrittenIsEnough() {
        peer.waitedFor = true;
        peer.sentBytes = 100;
        peer.writtenBytes = 100;
        pass(INTERVAL);
        byte[] waiting = peer.lastPing;
        pass(INTERVAL);
        pass(INTERVAL);
        assertThat(peer.lastPing).isSameAs(waiting);
        peer.writtenBytes = peer.sentBytes;
        pass(INTERVAL);
        assertThat(peer.lastPing).isNotSameAs(waiting);
        assertThat(peer.silent).isFalse();
        peer.waitedFor = false;
        pass(INTERVAL);
        assertThat(peer.silent).isTrue();
    }

    @Test
    void onlyAnswersToItsOwnPingsAreItsOwn() {
        pass(INTERVAL);
        peer.receivedBytes++;
        pass(INTERVAL);
        ByteBuffer last = ByteBuffer.wrap(peer.lastPing);
        assertThat(keepAlive.accept(last)).isTrue();
        assertThat(keepAlive.accept(number(last.getLong(0) - 1))).isTrue();
        assertThat(keepAlive.accept(number(last.getLong(0) - 2))).isFalse();
        assertThat(keepAlive.accept(number(last.getLong(0) + 1))).isFalse();
        assertThat(keepAlive.accept(number(1))).isFalse();
        assertThat(keepAlive.accept(number(2))).isFalse();
        assertThat(keepAlive.accept(ByteBuffer.allocate(0))).isFalse();
    }

    private static ByteBuffer number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(0, number);
    }

    private static final class PlayedPeer implements KeepAlive.Peer {
        private byte[] lastPing = {};
        private long receivedBytes;
        private long sentBytes;
        /** As many as were sent, unless set. */
        private long writtenBytes = Long.MAX_VALUE;

        private boolean paused;
        private boolean waitedFor;
        private boolean silent;

        @Override
        public void ping(byte[] payload) {
            lastPing = payload;
            sentBytes += payload.length;
        }

        @Override
        public long receivedBytes() {
            return receivedBytes;
        }

        @Override
        public long sentBytes() {
            return sentBytes;
        }

        @Override
        public long writtenBytes() {
            return Math.min(writtenBytes, sentBytes);
        }

        @Override
        public boolean isWaitedFor() {
            return waitedFor;
        }

        @Override
        public boolean isPaused() {
            return paused;
        }

        @Override
        public void onSilent() {
            silent = true;
        }
    }
}

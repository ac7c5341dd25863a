package io.duplexer.bridge.websocket;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pings a peer at intervals and tells when it stays silent after a ping. Used on the event loop only. */
final class KeepAlive {
    /** What the pings act on. */
    interface Peer {
        void ping(byte[] payload);

        /** All bytes that have come from the peer. */
        long receivedBytes();

        /** Whether the application has stopped reading, so that silence means nothing. */
        boolean isPaused();

        void onSilent();
    }

    private final EventLoop loop;
    private final Peer peer;
    private final long intervalNanos;
    private final long timeoutNanos;

    /** Pings are numbered from here, where no application is likely to number its own. */
    private final long start = ThreadLocalRandom.current().nextLong();

    private long pings;
    private long receivedAtPing;
    private @Nullable Future<?> nextPing;
    private @Nullable Future<?> deadline;

    KeepAlive(EventLoop loop, Duration interval, Duration timeout, Peer peer) {
        this.loop = loop;
        this.peer = peer;
        this.intervalNanos = interval.toNanos();
        this.timeoutNanos = timeout.toNanos();
    }

    void start() {
        if (intervalNanos > 0) {
            nextPing = loop.schedule(this::ping, intervalNanos, TimeUnit.NANOSECONDS);
        }
    }

    void stop() {
        cancel(nextPing);
        cancel(deadline);
        nextPing = null;
        deadline = null;
    }

    /** Whether a pong answers one of these pings. */
    boolean isOwnPong(ByteBuffer payload) {
        if (payload.remaining() != Long.BYTES) {
            return false;
        }
        long number = payload.getLong(payload.position()) - start;
        return number > 0 && number <= pings;
    }

    /** The application reads again: the peer's answer may wait behind what was not read, and gets all of its time anew. */
    void readingResumed() {
        if (deadline != null) {
            cancel(deadline);
            awaitAnswer();
        }
    }

    private void ping() {
        if (deadline == null) {
            receivedAtPing = peer.receivedBytes();
            awaitAnswer();
        }
        pings++;
        nextPing = loop.schedule(this::ping, intervalNanos, TimeUnit.NANOSECONDS);
        peer.ping(ByteBuffer.allocate(Long.BYTES).putLong(start + pings).array());
    }

    private void awaitAnswer() {
        deadline = loop.schedule(this::judge, timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private void judge() {
        deadline = null;
        if (!peer.isPaused() && peer.receivedBytes() == receivedAtPing) {
            peer.onSilent();
        }
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

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

        /** All bytes that have been sent to the peer, or wait for it. */
        long sentBytes();

        /** Those of them that do not wait any more. */
        long writtenBytes();

        /** Whether the application has stopped reading, so that silence means nothing. */
        boolean isPaused();

        /** Whether the peer's time is its own as long as it has something to read before the ping. */
        boolean isWaitedFor();

        void onSilent();
    }

    private final EventLoop loop;
    private final Peer peer;
    private final long intervalNanos;
    private final long timeoutNanos;

    /** Pings are numbered from here, where no application is likely to number its own. */
    private final long start = ThreadLocalRandom.current().nextLong();

    private long pings;
    /** With the last ping. */
    private long sentBytes;
    /** Up to the last ping that was answered in time: all of it has been read. */
    private long readBytes;

    /** Those of the ping whose answer is awaited. */
    private long receivedAtPing;

    private long sentBeforePing;
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

    /** Takes a pong. Returns whether it answers one of these pings. */
    boolean accept(ByteBuffer pong) {
        if (pong.remaining() != Long.BYTES) {
            return false;
        }
        long number = pong.getLong(pong.position()) - start;
        if (number == pings) {
            readBytes = sentBytes;
        }
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
            sentBeforePing = peer.sentBytes();
            awaitAnswer();
        }
        nextPing = loop.schedule(this::ping, intervalNanos, TimeUnit.NANOSECONDS);
        if (peer.writtenBytes() >= sentBytes) { // One that waits is enough.
            pings++;
            peer.ping(ByteBuffer.allocate(Long.BYTES).putLong(start + pings).array());
            sentBytes = peer.sentBytes();
        }
    }

    private void awaitAnswer() {
        deadline = loop.schedule(this::judge, timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private void judge() {
        deadline = null;
        if (peer.isPaused() || peer.receivedBytes() != receivedAtPing) {
            return;
        }
        boolean mayBeReading = sentBeforePing > readBytes;
        if (!mayBeReading || !peer.isWaitedFor()) {
            peer.onSilent();
        }
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}

package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever finds a queue full is told when it has drained, whatever other threads send in the meantime. */
@Timeout(60)
final class WritabilityStressTest {
    private static final int THREADS = 3;
    private static final int FRAMES = 100_000;
    /** Less than half of what a queue may hold and be writable: it takes several threads to fill it. */
    private static final byte[] PAYLOAD = new byte[24 * 1024];

    private static final int FRAME_BYTES = FrameEncoder.headerLength(PAYLOAD.length) + PAYLOAD.length;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Object drained = new Object();
    private final EventLoop loop = new DefaultEventLoop();
    private final OutboundQueue queue =
            new OutboundQueue(loop, UnpooledByteBufAllocator.DEFAULT, new Sink(), Integer.MAX_VALUE, this::onWritable);

    private void onWritable() {
        synchronized (drained) {
            drained.notifyAll();
        }
    }

    /** Waits to be told if the queue is full, and for nothing else. */
    private void awaitWritable() throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        synchronized (drained) {
            while (!queue.isWritable()) {
                drained.wait(PATIENCE.toMillis());
                if (System.nanoTime() - start >= PATIENCE.toNanos()) {
                    throw new TimeoutException("not told in " + PATIENCE);
                }
            }
        }
    }

    private void send() {
        assertThat(queue.reserve(FRAME_BYTES)).isTrue();
        loop.execute(() -> queue.addCopy(FrameEncoder.BINARY, PAYLOAD));
    }

    @Test
    void nobodyWaitsForEver() throws Exception {
        Sender[] senders = new Sender[THREADS];
        for (int i = 0; i < THREADS; i++) {
            senders[i] = new Sender();
            senders[i].start();
        }
        for (Sender sender : senders) {
            sender.join();
            assertThat(sender.failure).isNull();
        }
        assertThat(loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS))
                .isTrue();
        assertThat(queue.queuedBytes()).isZero();
    }

    private final class Sender extends Thread {
        private @Nullable Throwable failure;

        @Override
        public void run() {
            try {
                for (int i = 0; i < FRAMES; i++) {
                    awaitWritable();
                    send();
                }
            } catch (InterruptedException | TimeoutException | AssertionError e) {
                failure = e;
            }
        }
    }

    /** Takes a frame at a time, and tells of it a turn later. */
    private final class Sink implements Transport {
        private boolean writing;

        @Override
        public boolean isReady() {
            return !writing;
        }

        @Override
        public void write(List<ByteBuf> frames, long bytes, WriteListener listener) {
            writing = true;
            frames.forEach(ByteBuf::release);
            loop.execute(() -> {
                writing = false;
                listener.onWritten(bytes);
            });
        }

        @Override
        public void end() {}

        @Override
        public void abort() {}
    }
}

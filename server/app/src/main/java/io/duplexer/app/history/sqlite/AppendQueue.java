package io.duplexer.app.history.sqlite;

import io.duplexer.app.history.Appended;
import io.duplexer.chat.v1.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Messages that wait to be written, in order; bounded. Any thread adds, one takes. */
final class AppendQueue {
    /** What is written in one transaction at most. More would let the first wait long for little gain. */
    static final int BATCH_MESSAGES = 512;

    static final int BATCH_BYTES = 1024 * 1024;

    /** Some seconds of writing, far more than gathers while the disk is well. */
    static final int MAX_MESSAGES = 32_768;

    static final int MAX_BYTES = 32 * 1024 * 1024;

    private final ArrayDeque<Pending> queue = new ArrayDeque<>();
    private int bytes;
    private boolean closed;

    enum Offered {
        TAKEN,
        FULL,
        CLOSED
    }

    /** One message and who waits for it. */
    record Pending(Message message, int bytes, CompletableFuture<Appended> result) {
        Pending(Message message) {
            this(message, message.getSerializedSize(), new CompletableFuture<>());
        }
    }

    synchronized Offered offer(Pending pending) {
        if (closed) {
            return Offered.CLOSED;
        }
        if (queue.size() == MAX_MESSAGES || (!queue.isEmpty() && bytes + pending.bytes() > MAX_BYTES)) {
            return Offered.FULL;
        }
        queue.add(pending);
        bytes += pending.bytes();
        notifyAll();
        return Offered.TAKEN;
    }

    /**
     * Takes a batch: what is there, up to its limits. Waits only while nothing is there, not for more.
     *
     * @return empty when nothing came in time or the queue is closed
     */
    synchronized List<Pending> take(long maxWaitMillis) throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(maxWaitMillis);
        while (queue.isEmpty() && !closed) {
            var wait = deadline - System.nanoTime();
            if (wait <= 0) {
                return List.of();
            }
            TimeUnit.NANOSECONDS.timedWait(this, wait);
        }
        var batch = new ArrayList<Pending>(Math.min(queue.size(), BATCH_MESSAGES));
        var batchBytes = 0;
        while (!queue.isEmpty() && batch.size() < BATCH_MESSAGES) {
            var next = queue.peek();
            if (!batch.isEmpty() && batchBytes + next.bytes() > BATCH_BYTES) {
                break;
            }
            batchBytes += next.bytes();
            batch.add(queue.remove());
        }
        bytes -= batchBytes;
        return batch;
    }

    synchronized boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Takes nothing more; what is there can still be taken. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isDone() {
        return closed && queue.isEmpty();
    }
}

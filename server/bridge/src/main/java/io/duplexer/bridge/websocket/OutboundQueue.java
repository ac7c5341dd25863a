package io.duplexer.bridge.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one session on their way to its transport. Bytes are reserved by whatever thread sends; everything else
 * happens on the event loop.
 */
final class OutboundQueue implements Transport.WriteListener {
    private static final int WRITABLE_BYTES = 64 * 1024;
    /** What is flushed before the turn ends, so that a turn cannot fill the queue while the socket would take it. */
    private static final int FLUSH_BYTES = 64 * 1024;
    /** Small frames of a turn are gathered in buffers of this size. */
    private static final int GATHER_BYTES = 1024;

    private final EventLoop loop;
    private final ByteBufAllocator alloc;
    private final Transport transport;
    private final int maxQueuedBytes;
    private final int writableBytes;
    private final Runnable onWritable;

    private final AtomicLong queuedBytes = new AtomicLong();
    private volatile boolean full;

    private List<ByteBuf> waiting = new ArrayList<>(2);
    private long waitingBytes;
    private @Nullable ByteBuf gathering;
    private @Nullable Sending firstSending;
    private @Nullable Sending lastSending;
    private long addedBytes;
    private long writtenBytes;
    private boolean flushScheduled;
    private boolean failed;
    private @Nullable Runnable whenEmpty;

    OutboundQueue(
            EventLoop loop, ByteBufAllocator alloc, Transport transport, int maxQueuedBytes, Runnable onWritable) {
        this.loop = loop;
        this.alloc = alloc;
        this.transport = transport;
        this.maxQueuedBytes = maxQueuedBytes;
        this.writableBytes = Math.min(WRITABLE_BYTES, maxQueuedBytes / 2);
        this.onWritable = onWritable;
    }

    /** From any thread. */
    long queuedBytes() {
        return Math.max(0, queuedBytes.get()); // What comes too late gives back what the end has dropped already.
    }

    /** From any thread. */
    boolean isWritable() {
        return queuedBytes.get() <= writableBytes;
    }

    /** All bytes that were ever added. */
    long addedBytes() {
        return addedBytes;
    }

    /** Those that were handed to the transport, and by it to the operating system. */
    long writtenBytes() {
        return writtenBytes;
    }

    boolean isEmpty() {
        return addedBytes == writtenBytes;
    }

    /** Makes room for a frame, from any thread. Returns false if that would exceed the limit. */
    boolean reserve(long bytes) {
        long queued;
        do {
            queued = queuedBytes.get();
            if (queued > 0 && queued + bytes > maxQueuedBytes) {
                return false;
            }
        } while (!queuedBytes.compareAndSet(queued, queued + bytes));
        if (queued + bytes > writableBytes) {
            full = true;
        }
        return true;
    }

    /** Gives back what was reserved for a frame that is not added after all, from any thread. */
    void unreserve(long bytes) {
        queuedBytes.addAndGet(-bytes);
    }

    /** Adds a frame of the engine's own, for which nothing was reserved. */
    void addUnreserved(ByteBuf frame) {
        if (queuedBytes.addAndGet(frame.readableBytes()) > writableBytes) {
            full = true;
        }
        add(frame);
    }

    /** Adds a prepared frame, for which its bytes were reserved. */
    void addPrepared(PreparedMessage message) {
        if (!failed) {
            add(EventLoopTurn.current().nativeFrame(loop, message, alloc));
        }
    }

    private void add(ByteBuf frame) {
        int bytes = frame.readableBytes();
        if (failed) {
            frame.release();
            return;
        }
        gathering = null;
        waiting.add(frame);
        added(bytes);
    }

    /** Adds an unfragmented frame, for which its bytes were reserved. */
    void addCopy(byte opcode, byte[] payload) {
        if (failed) {
            return;
        }
        byte[] header = FrameEncoder.header(opcode, payload.length);
        int bytes = header.length + payload.length;
        gathering(bytes).writeBytes(header).writeBytes(payload);
        added(bytes);
    }

    /** Adds an unfragmented frame around {@code payload}, for which its bytes were reserved, and which is released. */
    void addOwned(byte opcode, ByteBuf payload) {
        if (failed) {
            payload.release();
            return;
        }
        int length = payload.readableBytes();
        byte[] header = FrameEncoder.header(opcode, length);
        if (header.length + length <= GATHER_BYTES) {
            gathering(header.length + length).writeBytes(header).writeBytes(payload);
            payload.release();
        } else {
            gathering(header.length).writeBytes(header);
            gathering = null;
            waiting.add(payload);
        }
        added(header.length + length);
    }

    /** The buffer that waits last, with room for so many bytes. */
    private ByteBuf gathering(int bytes) {
        ByteBuf target = gathering;
        if (target == null || target.writableBytes() < bytes) {
            target = alloc.directBuffer(Math.max(GATHER_BYTES, bytes));
            gathering = target;
            waiting.add(target);
        }
        return target;
    }

    /** Lets {@code sending} complete when everything that was added so far is written. */
    void completeWhenWritten(Sending sending) {
        if (failed) {
            sending.fail();
        } else if (isEmpty()) {
            sending.complete(null);
        } else {
            sending.endsAt = addedBytes;
            if (lastSending == null) {
                firstSending = sending;
            } else {
                lastSending.next = sending;
            }
            lastSending = sending;
        }
    }

    /** Runs {@code action} when everything is written, or can never be. */
    void whenEmpty(Runnable action) {
        flush();
        if (failed || isEmpty()) {
            action.run();
        } else {
            whenEmpty = action;
        }
    }

    /** Hands what waits to the transport, if that is ready. */
    void flush() {
        flushScheduled = false;
        if (failed || waiting.isEmpty() || !transport.isReady()) {
            return;
        }
        List<ByteBuf> frames = waiting;
        long bytes = waitingBytes;
        waiting = new ArrayList<>(2);
        waitingBytes = 0;
        gathering = null;
        transport.write(frames, bytes, this);
    }

    /** Drops everything: the connection is gone. */
    void fail() {
        if (failed) {
            return;
        }
        failed = true;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        gathering = null;
        queuedBytes.set(0);
        for (Sending sending = pollSending(Long.MAX_VALUE); sending != null; sending = pollSending(Long.MAX_VALUE)) {
            sending.fail();
        }
        runWhenEmpty();
    }

    @Override
    public void onWritten(long bytes) {
        if (failed) {
            return;
        }
        writtenBytes += bytes;
        queuedBytes.addAndGet(-bytes);
        for (Sending done = pollSending(writtenBytes); done != null; done = pollSending(writtenBytes)) {
            done.complete(null);
        }
        if (!waiting.isEmpty() && !flushScheduled) {
            flush(); // The transport was not ready for it before.
        }
        if (isEmpty()) {
            runWhenEmpty();
        }
        tellIfDrained();
    }

    /**
     * What has been sent meanwhile counts, by those who were told of the write just now and by other threads. These raise
     * the count first and the flag after it, so the count has to be looked at once more after the flag was lowered.
     * Whoever filled the queue in between has a write to come, after which this is called again.
     */
    private void tellIfDrained() {
        if (!full || queuedBytes.get() > writableBytes / 2) {
            return;
        }
        full = false;
        if (queuedBytes.get() > writableBytes) {
            full = true;
        } else {
            onWritable.run();
        }
    }

    @Override
    public void onFailed() {
        fail();
    }

    private void added(int bytes) {
        addedBytes += bytes;
        waitingBytes += bytes;
        if (waitingBytes >= FLUSH_BYTES) {
            flush();
        } else if (!flushScheduled) {
            flushScheduled = true;
            EventLoopTurn.current().flushAtEnd(loop, this);
        }
    }

    /** Takes the first sending if it ends within so many bytes. */
    private @Nullable Sending pollSending(long bytes) {
        Sending first = firstSending;
        if (first == null || first.endsAt > bytes) {
            return null;
        }
        firstSending = first.next;
        if (firstSending == null) {
            lastSending = null;
        }
        first.next = null; // A future that somebody keeps must not keep those after it.
        return first;
    }

    private void runWhenEmpty() {
        Runnable action = whenEmpty;
        whenEmpty = null;
        if (action != null) {
            action.run();
        }
    }
}

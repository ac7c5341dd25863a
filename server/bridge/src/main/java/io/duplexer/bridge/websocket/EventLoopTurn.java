package io.duplexer.bridge.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of one event loop share during one turn of it: their queues are flushed together at its end, so that
 * a session writes once per turn however much it sends; and a {@link PreparedMessage} is copied into native memory once
 * for all that send it. One per event loop's thread, and used on that thread only.
 */
final class EventLoopTurn implements Runnable {
    private static final FastThreadLocal<EventLoopTurn> TURNS = new FastThreadLocal<>() {
        @Override
        protected EventLoopTurn initialValue() {
            return new EventLoopTurn();
        }
    };

    private List<OutboundQueue> toFlush = new ArrayList<>();
    private List<OutboundQueue> flushing = new ArrayList<>();
    private @Nullable PreparedMessage prepared;
    private @Nullable ByteBuf preparedBytes;
    private boolean endScheduled;

    private EventLoopTurn() {}

    /** The turn of the event loop that this is called on. */
    static EventLoopTurn current() {
        return TURNS.get();
    }

    void flushAtEnd(EventLoop loop, OutboundQueue queue) {
        toFlush.add(queue);
        scheduleEnd(loop);
    }

    /** The message's frame as a buffer of the caller's own, over bytes that are shared. */
    ByteBuf nativeFrame(EventLoop loop, PreparedMessage message, ByteBufAllocator alloc) {
        ByteBuf bytes = preparedBytes;
        if (bytes == null || prepared != message) {
            releasePrepared();
            bytes = alloc.directBuffer(message.frame().length).writeBytes(message.frame());
            preparedBytes = bytes;
            prepared = message;
            scheduleEnd(loop);
        }
        return bytes.retainedDuplicate();
    }

    @Override
    public void run() {
        endScheduled = false;
        releasePrepared();
        List<OutboundQueue> queues = toFlush;
        toFlush = flushing;
        flushing = queues;
        try {
            queues.forEach(OutboundQueue::flush);
        } finally {
            queues.clear();
        }
    }

    private void scheduleEnd(EventLoop loop) {
        if (endScheduled) {
            return;
        }
        endScheduled = true;
        try {
            loop.execute(this);
        } catch (RejectedExecutionException e) {
            endScheduled = false; // The loop is gone, and its connections with it.
        }
    }

    private void releasePrepared() {
        prepared = null;
        if (preparedBytes != null) {
            preparedBytes.release();
            preparedBytes = null;
        }
    }
}

package io.duplexer.bridge.websocket;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One frame that was sent: at first a task for the event loop, which adds the frame to the queue, and then, being the
 * future that the sender holds, the mark of where in the queue the frame ends. One object per send.
 */
abstract class Sending extends CompletableFuture<Void> implements Runnable {
    private final DefaultWebSocketSession session;
    /** What was reserved for it in the queue. */
    final int bytes;
    /** How many bytes have to be written until this is done: set by the queue. */
    long endsAt;
    /** What was sent after it, and is not written either: set by the queue. */
    @Nullable
    Sending next;

    Sending(DefaultWebSocketSession session, int bytes) {
        this.session = session;
        this.bytes = bytes;
    }

    /** Adds the frame to the queue, on the event loop. */
    abstract void addTo(OutboundQueue queue);

    /** Does as a task what {@link #addNow()} does. */
    @Override
    public final void run() {
        session.taskStarted();
        addNow();
    }

    /** Adds the frame, or fails if it is too late for that. On the event loop. */
    final void addNow() {
        session.add(this);
    }

    /** Fails without having been added to the queue. */
    final void refuse() {
        drop();
        fail();
    }

    final void fail() {
        completeExceptionally(session.closedException());
    }

    /** Lets go of what the queue would have released. */
    void drop() {}

    /** A frame as it is. */
    static final class Plain extends Sending {
        private final byte opcode;
        private final byte[] payload;

        Plain(DefaultWebSocketSession session, byte opcode, byte[] payload) {
            super(session, FrameEncoder.headerLength(payload.length) + payload.length);
            this.opcode = opcode;
            this.payload = payload;
        }

        @Override
        void addTo(OutboundQueue queue) {
            queue.addCopy(opcode, payload);
        }
    }

    /** A frame around a buffer that is the session's own. */
    static final class Owned extends Sending {
        private final byte opcode;
        private final ByteBuf payload;

        Owned(DefaultWebSocketSession session, byte opcode, ByteBuf payload) {
            super(session, FrameEncoder.headerLength(payload.readableBytes()) + payload.readableBytes());
            this.opcode = opcode;
            this.payload = payload;
        }

        @Override
        void addTo(OutboundQueue queue) {
            queue.addOwned(opcode, payload);
        }

        @Override
        void drop() {
            payload.release();
        }
    }

    /** A frame that was encoded before. */
    static final class Prepared extends Sending {
        private final PreparedMessage message;

        Prepared(DefaultWebSocketSession session, PreparedMessage message) {
            super(session, message.frame().length);
            this.message = message;
        }

        @Override
        void addTo(OutboundQueue queue) {
            queue.addPrepared(message);
        }
    }
}

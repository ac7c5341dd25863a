package io.duplexer.bridge.websocket;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * The application's side of a session: what any thread may call. Each call becomes a task of the event loop, or is done
 * at once when made there with no earlier task outstanding, which keeps the order of each thread's calls.
 */
final class DefaultWebSocketSession implements WebSocketSession {
    private final SessionEngine engine;
    private final EventLoop loop;
    private final OutboundQueue outbound;

    /** The first Close frame of either side, or what stands for it: the session is open as long as there is none. */
    private final AtomicReference<@Nullable CloseStatus> firstClose = new AtomicReference<>();
    /** Tasks that were given to the event loop and have not started yet. */
    private final AtomicInteger outstandingTasks = new AtomicInteger();

    private final CompletableFuture<CloseStatus> whenClosed = new CompletableFuture<>();

    DefaultWebSocketSession(SessionEngine engine, EventLoop loop, OutboundQueue outbound) {
        this.engine = engine;
        this.loop = loop;
        this.outbound = outbound;
    }

    @Override
    public ServiceRequestContext context() {
        return engine.context();
    }

    @Override
    public @Nullable String subprotocol() {
        return engine.subprotocol();
    }

    @Override
    public CompletableFuture<Void> sendText(String text) {
        return sendData(FrameEncoder.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public CompletableFuture<Void> sendBinary(byte[] message) {
        return sendData(FrameEncoder.BINARY, message);
    }

    @Override
    public CompletableFuture<Void> sendBinary(ByteBuffer message) {
        return sendData(FrameEncoder.BINARY, BufferUtil.toArray(message));
    }

    @Override
    public CompletableFuture<Void> sendBinary(ByteBuf message) {
        if (!engine.compresses(message.readableBytes())) {
            return submit(new Sending.Owned(this, FrameEncoder.BINARY, message));
        }
        byte[] copy = ByteBufUtil.getBytes(message);
        message.release();
        return sendData(FrameEncoder.BINARY, copy);
    }

    @Override
    public CompletableFuture<Void> send(PreparedMessage message) {
        return submit(
                engine.compresses(message.payloadBytes())
                        ? new EngineSending(this, engine.jetty(), message.opcode(), message.payload())
                        : new Sending.Prepared(this, message));
    }

    @Override
    public CompletableFuture<Void> sendPing(byte[] payload) {
        if (payload.length > Frame.MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("payload: " + payload.length + " bytes (expected: at most 125)");
        }
        return submit(new EngineSending(this, engine.jetty(), OpCode.PING, ByteBuffer.wrap(payload)));
    }

    private CompletableFuture<Void> sendData(byte opcode, byte[] payload) {
        return submit(
                engine.compresses(payload.length)
                        ? new EngineSending(this, engine.jetty(), opcode, ByteBuffer.wrap(payload))
                        : new Sending.Plain(this, opcode, payload));
    }

    private CompletableFuture<Void> submit(Sending sending) {
        if (!isOpen()) {
            sending.refuse();
            return sending;
        }
        boolean onLoop = loop.inEventLoop();
        boolean reserved = outbound.reserve(sending.bytes);
        if (!reserved && onLoop) {
            outbound.flush(); // What this very turn has queued says nothing about the peer.
            reserved = outbound.reserve(sending.bytes);
        }
        if (!reserved) {
            close(CloseStatus.SLOW_CONSUMER);
            sending.refuse();
        } else if (onLoop && outstandingTasks.get() == 0) {
            sending.addNow();
        } else if (!execute(sending)) {
            sending.refuse();
        }
        return sending;
    }

    @Override
    public void close(CloseStatus status) {
        if (!status.isSendable()) {
            throw new IllegalArgumentException(
                    "code: " + status.code() + " (expected: 1000-1003, 1007-1014, 3000-4999)");
        }
        if (firstClose.compareAndSet(null, status)) {
            executeTask(() -> engine.sendClose(status));
        }
    }

    @Override
    public void abort() {
        firstClose.compareAndSet(null, CloseStatus.ABNORMAL);
        executeTask(engine::abort);
    }

    @Override
    public boolean isOpen() {
        return firstClose.get() == null;
    }

    @Override
    public boolean isWritable() {
        return outbound.isWritable();
    }

    @Override
    public long queuedBytes() {
        return outbound.queuedBytes();
    }

    @Override
    public void pauseReading() {
        if (loop.inEventLoop()) {
            engine.pauseReading();
        } else {
            executeTask(engine::pauseReading);
        }
    }

    @Override
    public void resumeReading() {
        executeTask(engine::resumeReading);
    }

    @Override
    public CompletableFuture<CloseStatus> whenClosed() {
        return whenClosed;
    }

    /** Adds a frame to the queue, on the event loop, unless a Close frame went before it. */
    void add(Sending sending) {
        if (engine.isOutputOpen()) {
            sending.addTo(outbound);
            outbound.completeWhenWritten(sending);
        } else {
            outbound.unreserve(sending.bytes);
            sending.refuse();
        }
    }

    /** Notes the first Close frame of either side. Returns false if there was one before. */
    boolean beginClose(CloseStatus status) {
        return firstClose.compareAndSet(null, status);
    }

    /** Why the session is closed; while it is open, the loss of the connection is all that can end a send. */
    CloseStatus closeStatus() {
        CloseStatus status = firstClose.get();
        return status == null ? CloseStatus.ABNORMAL : status;
    }

    WebSocketClosedException closedException() {
        return new WebSocketClosedException(closeStatus());
    }

    void taskStarted() {
        outstandingTasks.decrementAndGet();
    }

    private void executeTask(Runnable action) {
        execute(() -> {
            taskStarted();
            action.run();
        });
    }

    /** Returns false if the event loop has shut down, and every connection of it is gone. */
    private boolean execute(Runnable task) {
        outstandingTasks.incrementAndGet();
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }
}

package io.duplexer.bridge.websocket;

import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/** What the frames of one session mean: which the application is told, and which are answered here. Event loop only. */
final class Conversation implements JettyFrameHandler.Receiver, KeepAlive.Peer {
    private final SessionEngine engine;
    private final EventLoop loop;
    private final DefaultWebSocketSession session;
    private final OutboundQueue outbound;
    private final WebSocketHandler handler;
    private final Application application;
    private byte @Nullable [] latePong;

    Conversation(
            SessionEngine engine,
            EventLoop loop,
            DefaultWebSocketSession session,
            OutboundQueue outbound,
            WebSocketHandler handler) {
        this.engine = engine;
        this.loop = loop;
        this.session = session;
        this.outbound = outbound;
        this.handler = handler;
        application = new Application(session);
    }

    @Override
    public void onOpen() {
        closeUnlessNull(application.open(handler));
    }

    @Override
    public void onText(String text) {
        tellIfOpen(listener -> listener.onText(text));
    }

    @Override
    public void onBinary(byte[] message) {
        tellIfOpen(listener -> listener.onBinary(message));
    }

    @Override
    public void onPing(ByteBuffer payload) {
        if (outbound.isWritable()) {
            engine.sendControl(OpCode.PONG, payload);
        } else {
            latePong = BufferUtil.toArray(payload); // Only the latest ping needs an answer (RFC 6455, section 5.5.3).
        }
    }

    @Override
    public void onPong(ByteBuffer payload) {
        if (!engine.keepAlive().accept(payload)) {
            byte[] copy = BufferUtil.toArray(payload);
            tellIfOpen(listener -> listener.onPong(copy));
        }
    }

    @Override
    public void onPeerClose(CloseStatus status) {
        session.beginClose(status);
    }

    @Override
    public void onClosed() {
        engine.closed();
        // In a turn of its own: what has ended the session may be a send from within another one's listener.
        loop.execute(() -> {
            CloseStatus status = session.closeStatus();
            application.tell(listener -> listener.onClosed(status));
            engine.told();
            session.whenClosed().complete(status);
        });
    }

    /** The session is about to be closed, for the server stops. */
    void onServerStopping() {
        tellIfOpen(WebSocketListener::onServerStopping);
    }

    /** The outbound queue has room again. In a turn of its own too, for the same reason; it may be full again by then. */
    void onDrained() {
        loop.execute(() -> {
            byte[] payload = latePong;
            latePong = null;
            if (payload != null) {
                onPing(ByteBuffer.wrap(payload));
            }
            if (outbound.isWritable()) {
                tellIfOpen(WebSocketListener::onWritable);
            }
        });
    }

    @Override
    public void ping(byte[] payload) {
        engine.sendControl(OpCode.PING, ByteBuffer.wrap(payload));
    }

    @Override
    public long receivedBytes() {
        return engine.receivedBytes();
    }

    @Override
    public long sentBytes() {
        return outbound.addedBytes();
    }

    @Override
    public long writtenBytes() {
        return outbound.writtenBytes();
    }

    @Override
    public boolean isPaused() {
        return engine.isReadingPaused();
    }

    @Override
    public boolean isWaitedFor() {
        return engine.isPeerWaitedFor();
    }

    @Override
    public void onSilent() {
        closeUnlessNull(CloseStatus.PONG_TIMEOUT);
    }

    private void tellIfOpen(Consumer<WebSocketListener> call) {
        if (session.isOpen()) {
            closeUnlessNull(application.tell(call));
        }
    }

    private void closeUnlessNull(@Nullable CloseStatus status) {
        if (status != null && session.beginClose(status)) {
            engine.sendClose(status);
        }
    }
}

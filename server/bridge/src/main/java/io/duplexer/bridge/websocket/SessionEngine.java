package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The inside of a session: ties Jetty's state machine to the connection and to the application. Everything happens on the
 * connection's event loop, except for what is said to be called from any thread.
 *
 * <p>A session's life: the handshake is written; it opens; the first Close frame goes out or comes in, or the connection
 * is lost; the application is told that it is closed; what is queued is flushed, and the connection is ended and gone.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The futures here never fail: they tell of ends, however these came.
final class SessionEngine {
    private final ServiceRequestContext ctx;
    private final @Nullable String subprotocol;
    private final CompressionNegotiator.@Nullable Agreement compression;
    private final SessionRegistry registry;
    private final WebSocketConfig config;

    private final Channel channel;
    private final EventLoop loop;
    private final InboundStream inbound;
    private final HttpResponse response;
    private final Transport transport;
    private final OutboundQueue outbound;
    private final JettyFrameHandler frames;
    private final JettySession jetty;
    private final JettyEndPoint endPoint;
    private final JettyConnection connection;
    private final KeepAlive keepAlive;
    private final DefaultWebSocketSession session;
    private final Conversation conversation;
    private final CompletableFuture<Void> whenGone = new CompletableFuture<>();

    /** How many have not ended: the response, the request and, where it is the session's own, the connection. */
    private int unended;

    private boolean opened;
    private boolean lost;
    private boolean outputOpen = true;
    private @Nullable Future<?> deadline;
    /** Whether the end comes with the deadline, or a peer that reads slowly gets more time. */
    private boolean deadlineIsFinal;
    /** Whether the closing handshake waits for such a peer. */
    private boolean waitsForReader;

    SessionEngine(
            ServiceRequestContext ctx,
            Handshake.Accepted handshake,
            WebSocketHandler handler,
            SessionRegistry registry,
            WebSocketConfig config) {
        this.ctx = ctx;
        subprotocol = handshake.subprotocol();
        compression = handshake.compression();
        this.registry = registry;
        this.config = config;
        waitsForReader = config.waitsForSlowPeers();

        channel = ctx.log().ensureAvailable(RequestLogProperty.SESSION).channel();
        loop = channel.eventLoop();
        inbound = new InboundStream(this::onReadable);
        if (isHttp1()) {
            UpgradeResponse upgrade = new UpgradeResponse(handshake.headers());
            response = upgrade.asHttpResponse();
            transport = new ChannelTransport(ctx, channel, upgrade, inbound);
        } else {
            HttpResponseWriter stream = HttpResponse.streaming();
            stream.write(handshake.headers());
            response = stream;
            transport = new StreamTransport(stream, inbound, channel.alloc());
        }
        outbound = new OutboundQueue(loop, channel.alloc(), transport, config.maxQueuedBytes(), this::onDrained);
        session = new DefaultWebSocketSession(this, loop, outbound);
        conversation = new Conversation(this, loop, session, outbound, handler);
        keepAlive = new KeepAlive(loop, config.pingInterval(), config.pongTimeout(), conversation);

        frames = new JettyFrameHandler(conversation, config.maxMessageBytes());
        jetty = new JettySession(
                frames,
                JettyEngine.negotiated(subprotocol, compression == null ? null : compression.config()),
                this::onCloseFrame);
        endPoint = new JettyEndPoint(
                outbound, channel.alloc(), ctx.localAddress(), ctx.remoteAddress(), this::onEndPointClosed);
        connection = new JettyConnection(
                endPoint, loop, inbound, new FrameParser(config.maxFrameBytes(), config.maxMessageBytes()), jetty);
        jetty.setWebSocketConnection(connection);
        endPoint.setConnection(connection);
    }

    /** Returns the handshake's response, to be served; the session opens once that has left. */
    HttpResponse start() {
        unended = isHttp1() ? 3 : 2;
        response.whenComplete().handle((unused, cause) -> onEnd(cause != null));
        ctx.request().whenComplete().handle((unused, cause) -> onEnd(false));
        if (isHttp1()) {
            channel.closeFuture().addListener(future -> onEnd(true));
        }
        ctx.log()
                .whenAvailable(RequestLogProperty.RESPONSE_FIRST_BYTES_TRANSFERRED_TIME)
                .thenRunAsync(this::open, loop);
        return response;
    }

    private void open() {
        if (lost || !response.isOpen()) {
            ctx.request().abort(); // The handshake could not be written.
            return;
        }
        opened = true;
        if (!isHttp1()) {
            FlushPerTurn.addTo(channel.pipeline());
        }
        ctx.request().subscribe(inbound, loop, SubscriptionOption.WITH_POOLED_OBJECTS);
        registry.add(this);
        keepAlive.start();
        if (waitsForReader && !config.pingInterval().isZero() && channel.isActive()) {
            PeerHost.probe(channel, config.pingInterval(), config.pongTimeout());
        }
        endPoint.onOpen();
        connection.onOpen();
    }

    // What any thread may call.

    ServiceRequestContext context() {
        return ctx;
    }

    Server server() {
        return ctx.config().server();
    }

    DefaultWebSocketSession session() {
        return session;
    }

    JettySession jetty() {
        return jetty;
    }

    @Nullable
    String subprotocol() {
        return subprotocol;
    }

    /** Whether a message of this length is to be compressed. */
    boolean compresses(int payloadBytes) {
        return compression != null && payloadBytes >= compression.minMessageBytes();
    }

    /** Completes when nothing of the session is left, its connection included. */
    CompletableFuture<Void> whenGone() {
        return whenGone;
    }

    // What the application's side asks for.

    boolean isOutputOpen() {
        return outputOpen;
    }

    void sendClose(CloseStatus status) {
        if (outputOpen) {
            jetty.close(status.toJetty(), Callback.NOOP);
            frames.resume(); // The peer's Close frame may wait behind what is held.
        }
    }

    void abort() {
        outbound.fail();
        transport.abort();
        endPoint.close();
    }

    void pauseReading() {
        if (session.isOpen()) {
            frames.pause();
        }
    }

    void resumeReading() {
        if (frames.isPaused()) {
            keepAlive.readingResumed();
        }
        frames.resume();
    }

    boolean isReadingPaused() {
        return frames.isPaused();
    }

    long receivedBytes() {
        return inbound.receivedBytes();
    }

    /** Whether a peer that does nothing is given time to read what it was sent. */
    boolean isPeerWaitedFor() {
        return config.waitsForSlowPeers() && PeerHost.mayBeThere(channel, config.pongTimeout());
    }

    /** Tells the application that the server stops, and closes the session unless it has done so. From any thread. */
    void goAway() {
        loop.execute(() -> {
            waitsForReader = false;
            deadlineIsFinal = true;
            conversation.onServerStopping();
            session.close(CloseStatus.GOING_AWAY);
        });
    }

    // What the conversation asks for.

    KeepAlive keepAlive() {
        return keepAlive;
    }

    void sendControl(byte opcode, ByteBuffer payload) {
        jetty.sendFrame(new Frame(opcode, payload), Callback.NOOP, false);
    }

    /** Nothing is sent or received any more. */
    void closed() {
        outputOpen = false;
        keepAlive.stop();
        session.beginClose(CloseStatus.ABNORMAL);
    }

    /** The application has been told that. */
    void told() {
        registry.remove(this);
    }

    // What Jetty and the connection tell.

    /** A Close frame is about to leave, whoever wanted it. */
    private void onCloseFrame(CloseStatus status) {
        outputOpen = false;
        session.beginClose(status);
        keepAlive.stop();
        waitsForReader &= status.code() == CloseStatus.NORMAL.code();
        startDeadline();
    }

    /** Jetty is done with the connection: let the rest be written, and end it. */
    private void onEndPointClosed() {
        startDeadline();
        deadlineIsFinal = true;
        outbound.whenEmpty(transport::end);
    }

    private void onReadable() {
        connection.onFillable();
    }

    private void onDrained() {
        conversation.onDrained();
    }

    /**
     * One of those that are counted has ended, on any thread. The response that ends in order was ended by the transport;
     * anything else is the end of everything.
     */
    private @Nullable Void onEnd(boolean isLoss) {
        loop.execute(() -> {
            lost |= isLoss;
            if (isLoss && opened) {
                abort();
            }
            unended--;
            if (unended == 0) {
                onGone();
            }
        });
        return null;
    }

    private void onGone() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (compression != null) {
            compression.release();
        }
        whenGone.complete(null);
    }

    /**
     * Bounds the closing handshake, the flushing and the ending of the connection, all together. For a peer that is waited
     * for, the time of a close in order begins when all that was sent is in the hands of the operating system.
     */
    private void startDeadline() {
        if (deadline == null) {
            scheduleDeadline();
        }
    }

    private void scheduleDeadline() {
        deadlineIsFinal = !waitsForReader || outbound.isEmpty();
        deadline = loop.schedule(this::onDeadline, config.closeTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void onDeadline() {
        if (deadlineIsFinal || !isPeerWaitedFor()) {
            abort();
        } else {
            scheduleDeadline();
        }
    }

    private boolean isHttp1() {
        return ctx.sessionProtocol().isExplicitHttp1();
    }
}

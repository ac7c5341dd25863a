package io.duplexer.bridge.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty's session takes for its connection. Writing is Jetty's own; reading is not, which would copy all bytes twice,
 * take locks, unmask by fours and let pass what {@link FrameParser} refuses: frames are parsed from the request's body as
 * it comes, and handed to the session one at a time, whenever it demands one. Used on the event loop only.
 */
final class JettyConnection extends WebSocketConnection {
    private final EventLoop loop;
    private final InboundStream inbound;
    private final FrameParser parser;
    private final JettySession session;
    /** A frame that was handed over holds nothing that has to be released. */
    private final Callback onFrameDone = Callback.from(() -> {}, this::onFrameFailed);

    private boolean demanded;
    private boolean cancelled;
    private boolean reading;

    JettyConnection(
            JettyEndPoint endPoint, EventLoop loop, InboundStream inbound, FrameParser parser, JettySession session) {
        super(endPoint, loop, null, JettyEngine.components().getByteBufferPool(), session);
        this.loop = loop;
        this.inbound = inbound;
        this.parser = parser;
        this.session = session;
    }

    /** The session wants the next frame. */
    @Override
    public void demand() {
        demanded = true;
        if (!reading) {
            loop.execute(this); // In a turn of its own, as it may come from within anything.
        }
    }

    /** The session wants no more frames. */
    @Override
    public void cancelDemand() {
        cancelled = true;
    }

    /** To Jetty's way of reading, nothing is ever wanted. */
    @Override
    public boolean moreDemand() {
        return false;
    }

    /** There are bytes, or the end. */
    @Override
    public void onFillable() {
        run();
    }

    /** Hands frames over as long as there are any, and wanted. */
    @Override
    public void run() {
        if (reading) {
            return;
        }
        boolean wantsBytes = false;
        reading = true;
        try {
            wantsBytes = handOver();
        } catch (Throwable violation) {
            cancelled = true;
            session.processConnectionError(violation, Callback.NOOP);
        } finally {
            reading = false;
        }
        if (wantsBytes) {
            inbound.request();
        }
    }

    /** Returns whether it takes more bytes to go on. */
    private boolean handOver() {
        while (demanded && !cancelled) {
            ByteBuf bytes = inbound.bytes();
            if (bytes == null) {
                if (!inbound.isEnded()) {
                    return true;
                }
                cancelled = true;
                session.onEof();
                return false;
            }
            ClientFrame frame = parser.parse(bytes);
            inbound.releaseIfRead();
            if (frame != null) {
                demanded = false;
                session.onFrame(frame, onFrameDone);
            }
        }
        return false;
    }

    private void onFrameFailed(@Nullable Throwable cause) {
        session.processHandlerError(cause, Callback.NOOP);
    }
}

package io.duplexer.bridge.websocket;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes frames from Jetty one at a time: each is asked for when the one before is done with, which is the backpressure.
 * While reading is paused the next frame is held, and no other is asked for. Used on the event loop only.
 */
final class JettyFrameHandler implements FrameHandler {
    private static final Logger logger = LoggerFactory.getLogger(JettyFrameHandler.class);

    /** What the frames mean. */
    interface Receiver {
        void onOpen();

        void onText(String text);

        void onBinary(byte[] message);

        void onPing(ByteBuffer payload);

        void onPong(ByteBuffer payload);

        void onPeerClose(CloseStatus status);

        void onClosed();
    }

    private final Receiver receiver;
    private final MessageAssembler message;
    private @Nullable CoreSession session;
    private @Nullable Frame heldFrame;
    private @Nullable Callback heldCallback;
    private boolean paused;
    private boolean closed;

    JettyFrameHandler(Receiver receiver, int maxMessageBytes) {
        this.receiver = receiver;
        this.message = new MessageAssembler(maxMessageBytes);
    }

    boolean isPaused() {
        return paused;
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        Frame frame = heldFrame;
        Callback callback = heldCallback;
        heldFrame = null;
        heldCallback = null;
        if (frame != null && callback != null) {
            process(frame, callback);
        }
    }

    @Override
    public void onOpen(CoreSession newSession, Callback callback) {
        session = newSession;
        receiver.onOpen();
        callback.succeeded();
        demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        if (paused) {
            heldFrame = frame;
            heldCallback = callback;
        } else {
            process(frame, callback);
        }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        logger.debug("WebSocket failed: {}", session, cause);
        callback.succeeded();
    }

    @Override
    public void onClosed(org.eclipse.jetty.websocket.core.CloseStatus status, Callback callback) {
        closed = true;
        if (heldCallback != null) {
            heldCallback.succeeded(); // Lets go of the buffer.
            heldCallback = null;
            heldFrame = null;
        }
        receiver.onClosed();
        callback.succeeded();
    }

    private void process(Frame frame, Callback callback) {
        try {
            dispatch(frame);
        } catch (CloseException e) {
            callback.failed(e); // Jetty closes with the exception's code and message.
            return;
        }
        callback.succeeded();
        if (frame.getOpCode() != OpCode.CLOSE) {
            demand();
        }
    }

    private void dispatch(Frame frame) {
        switch (frame.getOpCode()) {
            case OpCode.TEXT -> {
                message.begin(true);
                onPiece(bytes(frame), frame.isFin());
            }
            case OpCode.BINARY -> {
                message.begin(false);
                onPiece(bytes(frame), frame.isFin());
            }
            case OpCode.CONTINUATION -> onPiece(bytes(frame), frame.isFin());
            case OpCode.PING -> receiver.onPing(frame.getPayload());
            case OpCode.PONG -> receiver.onPong(frame.getPayload());
            case OpCode.CLOSE ->
                receiver.onPeerClose(
                        CloseStatus.of(org.eclipse.jetty.websocket.core.CloseStatus.getCloseStatus(frame)));
            default -> throw new IllegalStateException("opcode: " + frame.getOpCode() + " (expected: a known one)");
        }
    }

    /** The payload, to keep: what was inflated is in a buffer of Jetty's. */
    private static byte[] bytes(Frame frame) {
        return frame instanceof ClientFrame own ? own.bytes() : BufferUtil.toArray(frame.getPayload());
    }

    private void onPiece(byte[] piece, boolean last) {
        if (!last) {
            message.add(piece);
        } else if (message.isText()) {
            receiver.onText(message.endText(piece));
        } else {
            receiver.onBinary(message.endBinary(piece));
        }
    }

    private void demand() {
        if (!closed && session != null) {
            session.demand();
        }
    }
}

package io.duplexer.bridge.websocket;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Frame;

/** A frame that has to go through Jetty: a ping, or a message to compress. Jetty adds it to the queue itself. */
final class EngineSending extends Sending {
    private final JettySession jetty;
    private final byte opcode;
    private final ByteBuffer payload;

    EngineSending(DefaultWebSocketSession session, JettySession jetty, byte opcode, ByteBuffer payload) {
        super(session, FrameEncoder.headerLength(payload.remaining()) + payload.remaining());
        this.jetty = jetty;
        this.opcode = opcode;
        this.payload = payload;
    }

    @Override
    void addTo(OutboundQueue queue) {
        queue.unreserve(bytes); // What Jetty makes of it counts.
        Frame frame = new Frame(opcode, payload);
        jetty.sendFrame(frame, Callback.from(() -> {}, this::completeExceptionally), false);
    }
}

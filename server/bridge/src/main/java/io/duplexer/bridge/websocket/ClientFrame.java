package io.duplexer.bridge.websocket;

import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.Frame;

/** A frame that a client has sent, or a piece of a data frame, with its mask taken off. */
final class ClientFrame extends Frame {
    /** Jetty asks whether there was a mask: a server refuses what comes without. */
    private static final byte[] TAKEN_OFF = new byte[FrameHeader.MASK_BYTES];

    private final byte[] bytes;

    /**
     * A frame of these bytes.
     *
     * @param firstByte FIN, the reserved bits and the opcode
     * @param bytes the payload, the frame's own from now on
     */
    ClientFrame(int firstByte, byte[] bytes) {
        super((byte) firstByte, TAKEN_OFF, ByteBuffer.wrap(bytes));
        this.bytes = bytes;
    }

    /** The payload, nobody's but the caller's. */
    byte[] bytes() {
        return bytes;
    }
}

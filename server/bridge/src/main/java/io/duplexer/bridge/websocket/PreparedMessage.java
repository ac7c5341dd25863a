package io.duplexer.bridge.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message whose frame is encoded once, for any number of sessions and threads. It is plain memory: nobody releases it.
 * Sending it to many sessions of one event loop in one turn copies it into native memory once for all of them.
 */
public final class PreparedMessage {
    private final byte opcode;
    private final byte[] frame;
    private final int payloadOffset;

    private PreparedMessage(byte opcode, byte[] payload) {
        this.opcode = opcode;
        byte[] header = FrameEncoder.header(opcode, payload.length);
        payloadOffset = header.length;
        frame = Arrays.copyOf(header, header.length + payload.length);
        System.arraycopy(payload, 0, frame, payloadOffset, payload.length);
    }

    /** A text message. */
    public static PreparedMessage text(String text) {
        return new PreparedMessage(FrameEncoder.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A text message of these bytes, which are copied.
     *
     * @throws IllegalArgumentException if they are not UTF-8: peers would close with 1007
     */
    public static PreparedMessage text(byte[] utf8) {
        Utf8Validator validator = new Utf8Validator();
        if (!validator.accept(ByteBuffer.wrap(utf8)) || !validator.isComplete()) {
            throw new IllegalArgumentException("utf8: " + utf8.length + " bytes (expected: valid UTF-8)");
        }
        return new PreparedMessage(FrameEncoder.TEXT, utf8);
    }

    /** A binary message of these bytes, which are copied. */
    public static PreparedMessage binary(byte[] message) {
        return new PreparedMessage(FrameEncoder.BINARY, message);
    }

    /** The length of the message without the frame's header. */
    public int payloadBytes() {
        return frame.length - payloadOffset;
    }

    byte opcode() {
        return opcode;
    }

    /** The whole frame: not to be written to. */
    byte[] frame() {
        return frame;
    }

    ByteBuffer payload() {
        return ByteBuffer.wrap(frame, payloadOffset, payloadBytes()).slice();
    }
}

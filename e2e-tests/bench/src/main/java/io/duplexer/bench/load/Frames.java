package io.duplexer.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames as a client sends them (RFC 6455, section 5.2): masked, always with the same key, since nobody else listens. */
public final class Frames {
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int KEY = 0x37fa213d;

    private Frames() {}

    /** A text message. */
    public static ByteBuffer text(String text) {
        return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A binary message. */
    public static ByteBuffer binary(byte[] payload) {
        return frame(BINARY, payload);
    }

    /** The answer to a ping with this payload. */
    static ByteBuffer pong(ByteBuffer buffer, int offset, int length) {
        byte[] payload = new byte[length];
        buffer.get(offset, payload);
        return frame(PONG, payload);
    }

    static ByteBuffer frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocateDirect(14 + payload.length);
        frame.put((byte) (0x80 | opcode));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 0x10000) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(KEY);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (KEY >> (24 - i % 4 * 8))));
        }
        return frame.flip();
    }
}

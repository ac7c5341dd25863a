package io.duplexer.bridge.websocket;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The tests' own codec of frames, which can also encode what no client may send. */
final class Frames {
    static final int FIN = 0x80;
    static final int RSV1 = 0x40;
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private Frames() {}

    /** A frame as a server sends it. Not to be compared as a whole. */
    @SuppressWarnings("ArrayRecordComponent")
    record Received(int firstByte, byte[] payload) {
        int opcode() {
            return firstByte & 0x0F;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** The code of a Close frame, or -1 if it is empty. */
        int closeCode() {
            return payload.length == 0 ? -1 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }

        String closeReason() {
            return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    static byte[] text(String text) {
        return frame(FIN | TEXT, utf8(text));
    }

    static byte[] binary(byte[] payload) {
        return frame(FIN | BINARY, payload);
    }

    static byte[] close(int code, String reason) {
        byte[] text = utf8(reason);
        return frame(
                FIN | CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    /** A masked frame with any first byte. */
    static byte[] frame(int firstByte, byte[] payload) {
        return concat(header(firstByte, payload.length), mask(payload));
    }

    static byte[] unmasked(int firstByte, byte[] payload) {
        byte[] header = header(firstByte, payload.length);
        int maskOffset = header.length - MASK.length;
        header[1] &= 0x7F;
        return concat(Arrays.copyOf(header, maskOffset), payload);
    }

    /** The header of a masked frame that announces so many bytes, and the mask. */
    static byte[] header(int firstByte, long length) {
        ByteBuffer header = ByteBuffer.allocate(14).put((byte) firstByte);
        if (length >= 0 && length <= 125) {
            header.put((byte) (0x80 | length));
        } else if (length > 0 && length <= 0xFFFF) {
            header.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            header.put((byte) (0x80 | 127)).putLong(length);
        }
        header.put(MASK);
        return Arrays.copyOf(header.array(), header.position());
    }

    static byte[] mask(byte[] payload) {
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= MASK[i % MASK.length];
        }
        return masked;
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes given as unsigned numbers. */
    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static byte[] repeated(char c, int length) {
        return utf8(String.valueOf(c).repeat(length));
    }

    /** Reads a server's frame, which must not be masked. */
    static Received read(InputStream in) throws IOException {
        int first = in.read();
        int second = in.read();
        if (first < 0 || second < 0) {
            throw new EOFException("the connection ended");
        }
        if ((second & 0x80) != 0) {
            throw new IOException("a masked frame from the server");
        }
        long length = second;
        if (second == 126) {
            length = number(in, 2);
        } else if (second == 127) {
            length = number(in, 8);
        }
        byte[] payload = in.readNBytes(Math.toIntExact(length));
        if (payload.length < length) {
            throw new EOFException("the connection ended within a frame");
        }
        return new Received(first, payload);
    }

    private static long number(InputStream in, int bytes) throws IOException {
        long number = 0;
        for (byte next : in.readNBytes(bytes)) {
            number = number << 8 | (next & 0xFF);
        }
        return number;
    }
}

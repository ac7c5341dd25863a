package io.duplexer.e2e.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of RFC 6455 by hand, so that they can be wrong. Reads nothing unless told to, as a client does that has
 * stopped reading.
 */
public final class RawWebSocket implements AutoCloseable {
    /** From RFC 6455, section 1.3. */
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private final RawSocket socket;
    private final String handshake;

    /** A frame from the server. */
    public record Frame(int opcode, ByteString payload) {
        public String text() {
            return payload.toStringUtf8();
        }

        public boolean isClose() {
            return opcode == CLOSE;
        }

        public int closeCode() {
            if (!isClose()) {
                throw new AssertionError("not a close: " + opcode + " " + text());
            }
            return payload.asReadOnlyByteBuffer().getShort() & 0xFFFF;
        }

        public String closeReason() {
            return payload.substring(2).toStringUtf8();
        }
    }

    public RawWebSocket(int port, @Nullable String subprotocol) {
        this(port, subprotocol, null);
    }

    public RawWebSocket(int port, @Nullable String subprotocol, @Nullable String origin) {
        this(port, "/ws", subprotocol, origin);
    }

    /** A WebSocket at {@code path}. */
    public RawWebSocket(int port, String path, @Nullable String subprotocol, @Nullable String origin) {
        socket = new RawSocket(port);
        socket.writeLines(
                "GET " + path + " HTTP/1.1",
                "Host: 127.0.0.1:" + port,
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: " + KEY,
                "Sec-WebSocket-Version: 13"
                        + (subprotocol == null ? "" : "\r\nSec-WebSocket-Protocol: " + subprotocol)
                        + (origin == null ? "" : "\r\nOrigin: " + origin),
                "");
        handshake = socket.readHead();
    }

    /** The server's answer to the handshake, to its blank line. */
    public String handshake() {
        return handshake;
    }

    public void sendText(String text) {
        sendFrame(TEXT, text.getBytes(UTF_8));
    }

    public void sendBinary(byte... payload) {
        sendFrame(BINARY, payload);
    }

    /** Sends one final frame, masked. */
    public void sendFrame(int opcode, byte... payload) {
        var frame = new ByteArrayOutputStream();
        frame.write(0x80 | opcode);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            frame.write(0x80 | 126);
            frame.writeBytes(
                    ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            frame.write(0x80 | 127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        frame.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ MASK[i % 4]);
        }
        socket.write(frame.toByteArray());
    }

    /** The next frame; the server must not split or mask it. */
    public Frame readFrame() {
        int first = socket.readByte();
        if ((first & 0xF0) != 0x80) {
            throw new AssertionError("not a final frame without extensions: " + first);
        }
        int length = socket.readByte();
        long bytes = switch (length) {
            case 126 -> ByteBuffer.wrap(socket.read(2)).getShort() & 0xFFFF;
            case 127 -> ByteBuffer.wrap(socket.read(8)).getLong();
            default -> length;
        };
        return new Frame(first & 0x0F, ByteString.copyFrom(socket.read((int) bytes)));
    }

    /** The Close frame; what comes before it is skipped. */
    public Frame readClose() {
        var frame = readFrame();
        while (!frame.isClose()) {
            frame = readFrame();
        }
        return frame;
    }

    @Override
    public void close() {
        socket.close();
    }
}

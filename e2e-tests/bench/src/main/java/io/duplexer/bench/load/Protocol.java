package io.duplexer.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What is spoken in the frames. */
public enum Protocol {
    /** Each text frame is a message. */
    PLAIN("/"),
    /** Socket.IO 4: engine.io packets of revision 4, messages as events with the name {@code message}. */
    SOCKET_IO("/socket.io/?EIO=4&transport=websocket");

    private static final byte[] EVENT = bytes("42");
    private static final byte[] PING = bytes("2");
    private static final byte[] OPEN = bytes("0{");
    private static final byte[] CONNECTED = bytes("40{");

    private final String path;

    Protocol(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    /** The frame that carries this JSON text as one message. */
    public ByteBuffer message(String json) {
        return Frames.text(
                this == PLAIN
                        ? json
                        : "42[\"message\",\"" + json.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]");
    }

    boolean isReadyAtOnce() {
        return this == PLAIN;
    }

    /** Answers what belongs to the protocol; true if the frame was a message. */
    boolean receive(Client client, ByteBuffer buffer, int offset, int length) {
        if (this == PLAIN || startsWith(buffer, offset, length, EVENT)) {
            return true;
        }
        if (startsWith(buffer, offset, length, OPEN)) {
            client.send(Frames.text("40"));
        } else if (startsWith(buffer, offset, length, CONNECTED)) {
            client.ready();
        } else if (startsWith(buffer, offset, length, PING)) {
            client.send(Frames.text("3"));
        }
        return false;
    }

    private static boolean startsWith(ByteBuffer buffer, int offset, int length, byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i >= length || buffer.get(offset + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}

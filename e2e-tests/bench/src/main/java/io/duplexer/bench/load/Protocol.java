package io.duplexer.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What is spoken in the frames. */
public enum Protocol {
    /** Each text frame is a message. */
    PLAIN("/", ""),
    /** Each binary frame is a message of the chat. */
    CHAT_PROTO("/ws", "duplexer.chat.v1+proto"),
    /** Socket.IO 4: engine.io packets of revision 4, messages as events with the name {@code message}. */
    SOCKET_IO("/socket.io/?EIO=4&transport=websocket", "");

    private static final byte[] EVENT = bytes("42");
    private static final byte[] PING = bytes("2");
    private static final byte[] OPEN = bytes("0{");
    private static final byte[] CONNECTED = bytes("40{");

    private final String path;
    private final String subprotocol;

    Protocol(String path, String subprotocol) {
        this.path = path;
        this.subprotocol = subprotocol;
    }

    String path() {
        return path;
    }

    /** What the client offers; empty for none. */
    String subprotocol() {
        return subprotocol;
    }

    /** The frame that carries this JSON text as one message. */
    public ByteBuffer message(String json) {
        return Frames.text(
                this != SOCKET_IO
                        ? json
                        : "42[\"message\",\"" + json.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]");
    }

    boolean isReadyAtOnce() {
        return this != SOCKET_IO;
    }

    /** Answers what belongs to the protocol; true if the frame was a message. */
    boolean receive(Client client, ByteBuffer buffer, int offset, int length) {
        if (this != SOCKET_IO || startsWith(buffer, offset, length, EVENT)) {
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

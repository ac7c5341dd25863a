package io.duplexer.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * gRPC, gRPC-Web or gRPC over WebSocket (RFC 8441) on one HTTP/2 connection (RFC 9113). Header blocks of the server are not
 * decoded: that one has come, and whether it ends the stream, is all that is needed.
 */
public final class Http2Calls implements GrpcCalls, GrpcLoad.Reader {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int HEAD_BYTES = 9;
    private static final int MAX_FRAME_BYTES = 16_384;
    private static final int DEFAULT_WINDOW_BYTES = 65_535;
    private static final int WINDOW_BYTES = Integer.MAX_VALUE;
    private static final int UPDATE_BYTES = 1 << 24;

    private final GrpcLoad load;
    private final SocketChannel channel;
    private final byte[] requestHeaders;
    /** What goes before the first message once the server has answered; null if the first message need not wait. */
    private final byte @Nullable [] opening;

    private final byte[] message;
    private final Map<Integer, Stream> streams = new HashMap<>();
    private final Queue<Stream> blocked = new ArrayDeque<>();
    private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 20);
    private byte[] rest = {};
    private int nextId = 1;
    private long sendWindow = DEFAULT_WINDOW_BYTES;
    private long initialStreamWindow = DEFAULT_WINDOW_BYTES;
    private int unacknowledged;

    private Http2Calls(GrpcLoad load, ByteBuffer headers, byte @Nullable [] opening, byte[] message) {
        this.load = load;
        this.opening = opening;
        this.message = message;
        channel = load.connect(this);
        requestHeaders = bytes(headers.flip());
        out.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        head(6, SETTINGS, 0, 0).putShort((short) INITIAL_WINDOW_SIZE).putInt(WINDOW_BYTES);
        head(4, WINDOW_UPDATE, 0, 0).putInt(WINDOW_BYTES - DEFAULT_WINDOW_BYTES);
        flush();
    }

    /**
     * Opens a connection for gRPC or gRPC-Web.
     *
     * @param path of the method
     * @param message in its frame, as each call sends it
     */
    public static Http2Calls grpc(GrpcLoad load, String path, String contentType, byte[] message) {
        ByteBuffer headers = ByteBuffer.allocate(512);
        headers.put((byte) 0x83).put((byte) 0x86); // :method POST, :scheme http (RFC 7541, appendix A)
        literal(headers, 4, path);
        literal(headers, 1, "127.0.0.1:" + load.port());
        literal(headers, 31, contentType);
        literal(headers, "te", "trailers");
        return new Http2Calls(load, headers, null, message);
    }

    /** Opens a connection for gRPC over WebSocket, see {@link #grpc}. */
    public static Http2Calls webSocket(GrpcLoad load, String path, byte[] message) {
        ByteBuffer headers = ByteBuffer.allocate(512);
        literal(headers, 2, "CONNECT");
        headers.put((byte) 0x86);
        literal(headers, 4, path);
        literal(headers, 1, "127.0.0.1:" + load.port());
        literal(headers, ":protocol", "websocket");
        literal(headers, "sec-websocket-version", "13");
        literal(headers, "sec-websocket-protocol", "grpc-websockets");
        return new Http2Calls(
                load, headers, bytes(Frames.binary(WebSocketCalls.HEADERS)), bytes(WebSocketCalls.data(message)));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** A literal without indexing, its name from the static table. */
    private static void literal(ByteBuffer headers, int name, String value) {
        if (name < 15) {
            headers.put((byte) name);
        } else {
            headers.put((byte) 15).put((byte) (name - 15));
        }
        string(headers, value);
    }

    /** The same, its name as text. */
    private static void literal(ByteBuffer headers, String name, String value) {
        headers.put((byte) 0);
        string(headers, name);
        string(headers, value);
    }

    private static void string(ByteBuffer headers, String text) {
        headers.put((byte) text.length()).put(text.getBytes(US_ASCII));
    }

    private ByteBuffer head(int length, int type, int flags, int stream) {
        return out.put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream);
    }

    private void flush() {
        load.write(channel, out.flip());
        out.clear();
    }

    @Override
    public Call start(Listener listener) {
        Stream stream = new Stream(nextId, listener);
        nextId += 2;
        streams.put(stream.id, stream);
        head(requestHeaders.length, HEADERS, END_HEADERS, stream.id).put(requestHeaders);
        return stream;
    }

    @Override
    public void begin() {
        flush();
    }

    @Override
    public void read(ByteBuffer in) {
        ByteBuffer all = in;
        if (rest.length > 0) {
            all = ByteBuffer.allocate(rest.length + in.remaining())
                    .put(rest)
                    .put(in)
                    .flip();
        }
        while (all.remaining() >= HEAD_BYTES) {
            int start = all.position();
            int length = (all.get(start) & 0xff) << 16 | (all.getShort(start + 1) & 0xffff);
            if (all.remaining() < HEAD_BYTES + length) {
                break;
            }
            onFrame(all, start, length);
            all.position(start + HEAD_BYTES + length);
        }
        rest = new byte[all.remaining()];
        all.get(rest);
        if (out.position() > 0) {
            flush();
        }
    }

    private void onFrame(ByteBuffer in, int start, int length) {
        int flags = in.get(start + 4);
        int id = in.getInt(start + 5);
        int body = start + HEAD_BYTES;
        switch (in.get(start + 3)) {
            case DATA -> {
                acknowledge(id, length);
                stream(id).onData(in, body, length, (flags & END_STREAM) != 0);
            }
            case HEADERS -> stream(id).onHeaders((flags & END_STREAM) != 0);
            case SETTINGS -> onSettings(in, body, length, flags);
            case PING -> {
                if ((flags & ACK) == 0) {
                    head(8, PING, ACK, 0).putLong(in.getLong(body));
                }
            }
            case WINDOW_UPDATE -> onWindow(id, in.getInt(body));
            case RST_STREAM, GOAWAY ->
                throw new IllegalStateException("the server ends with " + in.getInt(body + (id == 0 ? 4 : 0)));
            default -> {}
        }
    }

    private Stream stream(int id) {
        Stream stream = streams.get(id);
        if (stream == null) {
            throw new IllegalStateException("stream: " + id + " (expected: one that is open)");
        }
        return stream;
    }

    private void onSettings(ByteBuffer in, int body, int length, int flags) {
        if ((flags & ACK) != 0) {
            return;
        }
        for (int at = body; at < body + length; at += 6) {
            if (in.getShort(at) == INITIAL_WINDOW_SIZE) {
                long change = in.getInt(at + 2) - initialStreamWindow;
                initialStreamWindow += change;
                streams.values().forEach(stream -> stream.sendWindow += change);
            }
        }
        head(0, SETTINGS, ACK, 0);
        unblock();
    }

    private void onWindow(int id, int more) {
        if (id == 0) {
            sendWindow += more;
        } else if (streams.containsKey(id)) {
            stream(id).sendWindow += more;
        }
        unblock();
    }

    private void unblock() {
        for (int i = blocked.size(); i > 0; i--) {
            blocked.remove().trySend();
        }
    }

    private void acknowledge(int id, int length) {
        unacknowledged += length;
        Stream stream = stream(id);
        stream.unacknowledged += length;
        if (stream.unacknowledged > UPDATE_BYTES) {
            head(4, WINDOW_UPDATE, 0, id).putInt(stream.unacknowledged);
            stream.unacknowledged = 0;
        }
        if (unacknowledged > UPDATE_BYTES) {
            head(4, WINDOW_UPDATE, 0, 0).putInt(unacknowledged);
            unacknowledged = 0;
        }
    }

    private final class Stream implements Call, FrameReader.Sink {
        final int id;
        private final Listener listener;
        private final FrameReader frames = new FrameReader(this);
        private final BlockReader blocks = new BlockReader();
        private long sendWindow = initialStreamWindow;
        private int unacknowledged;
        private boolean open = opening == null;
        private boolean wantsToSend;
        private boolean lastOne;

        Stream(int id, Listener listener) {
            this.id = id;
            this.listener = listener;
        }

        @Override
        public void send() {
            if (open) {
                trySend();
            } else {
                wantsToSend = true;
            }
        }

        @Override
        public void sendLast() {
            lastOne = true;
            send();
        }

        void trySend() {
            if (Math.min(sendWindow, Http2Calls.this.sendWindow) < message.length) {
                blocked.add(this);
            } else {
                write(message, lastOne);
            }
        }

        private void write(byte[] data, boolean endsStream) {
            sendWindow -= data.length;
            Http2Calls.this.sendWindow -= data.length;
            for (int at = 0; at < data.length; at += MAX_FRAME_BYTES) {
                int part = Math.min(MAX_FRAME_BYTES, data.length - at);
                boolean last = endsStream && at + part == data.length;
                head(part, DATA, last ? END_STREAM : 0, id).put(data, at, part);
            }
        }

        void onHeaders(boolean last) {
            if (!open && opening != null) {
                open = true;
                write(opening, false);
                if (wantsToSend) {
                    trySend();
                }
            }
            end(last);
        }

        void onData(ByteBuffer in, int position, int length, boolean last) {
            if (opening == null) {
                onBlocks(in, position, length);
            } else {
                frames.accept(in.duplicate().position(position).limit(position + length));
            }
            end(last);
        }

        @Override
        public void onFrame(int opcode, ByteBuffer buffer, int offset, int length) {
            if (opcode == Frames.BINARY) {
                onBlocks(buffer, offset, length);
            } else if (opcode == Frames.PING) {
                write(bytes(Frames.pong(buffer, offset, length)), false);
            } else {
                throw new IllegalStateException("opcode: " + opcode + " (expected: 2 or 9)");
            }
        }

        private void onBlocks(ByteBuffer in, int position, int length) {
            blocks.accept(in, position, length);
            load.received(blocks.takeMessageBytes());
            for (int i = blocks.takeMessages(); i > 0; i--) {
                listener.onMessage();
            }
        }

        private void end(boolean last) {
            if (last) {
                streams.remove(id);
                listener.onEnd();
            }
        }
    }
}

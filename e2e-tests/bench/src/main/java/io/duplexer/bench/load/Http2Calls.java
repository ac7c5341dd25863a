package io.duplexer.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * gRPC or gRPC-Web on one HTTP/2 connection (RFC 9113). Header blocks of the server are not decoded: that one has come, and
 * whether it ends the stream, is all that is needed.
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
    private final byte[] message;
    private final Map<Integer, Stream> streams = new HashMap<>();
    private final Queue<Stream> blocked = new ArrayDeque<>();
    private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 20);
    private byte[] rest = {};
    private int nextId = 1;
    private long sendWindow = DEFAULT_WINDOW_BYTES;
    private long initialStreamWindow = DEFAULT_WINDOW_BYTES;
    private int unacknowledged;

    /**
     * Opens the connection.
     *
     * @param path of the method
     * @param message in its frame, as each call sends it
     */
    public Http2Calls(GrpcLoad load, String path, String contentType, byte[] message) {
        this.load = load;
        this.message = message;
        channel = load.connect(this);
        ByteBuffer headers = ByteBuffer.allocate(512);
        headers.put((byte) 0x83).put((byte) 0x86); // :method POST, :scheme http (RFC 7541, appendix A)
        literal(headers, 4, path);
        literal(headers, 1, "127.0.0.1:" + load.port());
        literal(headers, 31, contentType);
        headers.put((byte) 0);
        string(headers, "te");
        string(headers, "trailers");
        requestHeaders = new byte[headers.flip().remaining()];
        headers.get(requestHeaders);
        out.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        head(6, SETTINGS, 0, 0).putShort((short) INITIAL_WINDOW_SIZE).putInt(WINDOW_BYTES);
        head(4, WINDOW_UPDATE, 0, 0).putInt(WINDOW_BYTES - DEFAULT_WINDOW_BYTES);
        flush();
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

    private final class Stream implements Call {
        final int id;
        private final Listener listener;
        private final BlockReader blocks = new BlockReader();
        private long sendWindow = initialStreamWindow;
        private int unacknowledged;
        private boolean lastOne;

        Stream(int id, Listener listener) {
            this.id = id;
            this.listener = listener;
        }

        @Override
        public void send() {
            trySend();
        }

        @Override
        public void sendLast() {
            lastOne = true;
            trySend();
        }

        void trySend() {
            if (Math.min(sendWindow, Http2Calls.this.sendWindow) < message.length) {
                blocked.add(this);
                return;
            }
            sendWindow -= message.length;
            Http2Calls.this.sendWindow -= message.length;
            for (int at = 0; at < message.length; at += MAX_FRAME_BYTES) {
                int part = Math.min(MAX_FRAME_BYTES, message.length - at);
                boolean last = lastOne && at + part == message.length;
                head(part, DATA, last ? END_STREAM : 0, id).put(message, at, part);
            }
        }

        void onHeaders(boolean last) {
            end(last);
        }

        void onData(ByteBuffer in, int position, int length, boolean last) {
            blocks.accept(in, position, length);
            load.received(blocks.takeMessageBytes());
            for (int i = blocks.takeMessages(); i > 0; i--) {
                listener.onMessage();
            }
            end(last);
        }

        private void end(boolean last) {
            if (last) {
                streams.remove(id);
                listener.onEnd();
            }
        }
    }
}

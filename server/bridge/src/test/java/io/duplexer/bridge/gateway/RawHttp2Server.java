package io.duplexer.bridge.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.linecorp.armeria.client.Endpoint;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of HTTP/2 (RFC 9113) that answers each request, once all of it is there, with frames that the test writes: for
 * what no server library says on demand.
 */
final class RawHttp2Server implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private static final int REFUSED_STREAM = 7;
    private static final int PREFACE_BYTES = 24;
    private static final int WINDOW_BYTES = 1 << 20;

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Answer answer;
    private final boolean closing;
    private final AtomicInteger requests = new AtomicInteger();

    /** What is said to a request. */
    interface Answer {
        /**
         * The frames.
         *
         * @param number of the request, from 1
         */
        byte[] to(int number, int stream);
    }

    RawHttp2Server(Answer answer) throws IOException {
        this(answer, false);
    }

    /**
     * Listens.
     *
     * @param closing whether a connection is closed after its first answer, whatever was announced
     */
    RawHttp2Server(Answer answer, boolean closing) throws IOException {
        this.answer = answer;
        this.closing = closing;
        start("raw-http2-accept", () -> {
            while (true) {
                var connection = socket.accept();
                start("raw-http2", () -> serve(connection));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    /** A thread that goes on until a socket is closed, by either side. */
    private static void start(String name, Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (SocketException | EOFException e) {
                        // Over.
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket connection) throws IOException {
        try (connection) {
            var in = new DataInputStream(connection.getInputStream());
            var out = connection.getOutputStream();
            in.readNBytes(PREFACE_BYTES);
            // 4: SETTINGS_INITIAL_WINDOW_SIZE
            out.write(frame(
                    SETTINGS,
                    0,
                    0,
                    ByteBuffer.allocate(6)
                            .putShort((short) 4)
                            .putInt(WINDOW_BYTES)
                            .array()));
            out.write(frame(WINDOW_UPDATE, 0, 0, integers(WINDOW_BYTES)));
            var answered = false;
            while (!(answered && closing)) {
                answered = serveFrame(in, out);
            }
        }
    }

    /** Returns whether it was the last of a request, which is answered now. */
    private boolean serveFrame(DataInputStream in, OutputStream out) throws IOException {
        var length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        var type = in.readUnsignedByte();
        var flags = in.readUnsignedByte();
        var stream = in.readInt();
        in.skipNBytes(length);
        if (type == SETTINGS && (flags & ACK) == 0) {
            out.write(frame(SETTINGS, ACK, 0));
        } else if ((type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
            out.write(answer.to(requests.incrementAndGet(), stream));
            return true;
        }
        return false;
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) 0)
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private static byte[] integers(int... values) {
        var bytes = ByteBuffer.allocate(4 * values.length);
        for (var value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    /** The stream was not processed (section 8.7). */
    static byte[] refuse(int stream) {
        return frame(RST_STREAM, 0, stream, integers(REFUSED_STREAM));
    }

    /** No stream was processed, and the connection will be closed (section 6.8). */
    static byte[] goAway() {
        return frame(GOAWAY, 0, 0, integers(0, 0));
    }

    /** The headers of an answer of gRPC, in the simplest form of HPACK (RFC 7541). */
    static byte[] headers(int stream) {
        // :status: 200, then a literal whose name is entry 31, content-type.
        return frame(
                HEADERS,
                END_HEADERS,
                stream,
                Exchange.concat(new byte[] {(byte) 0x88, 0x0f, 0x10}, string("application/grpc")));
    }

    static byte[] data(int stream, byte[] data) {
        return frame(DATA, 0, stream, data);
    }

    /** The end of a call that went well. */
    static byte[] trailers(int stream) {
        return frame(
                HEADERS,
                END_HEADERS | END_STREAM,
                stream,
                Exchange.concat(new byte[] {0}, string("grpc-status"), string("0")));
    }

    private static byte[] string(String text) {
        return Exchange.concat(new byte[] {(byte) text.length()}, text.getBytes(US_ASCII));
    }

    Endpoint endpoint() {
        return Endpoint.of("127.0.0.1", socket.getLocalPort());
    }

    /** How many have come, on all connections. */
    int requests() {
        return requests.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package io.duplexer.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** One WebSocket of a {@link GrpcLoad}: the upgrade, and then frames (RFC 6455). */
abstract class WebSocketConnection implements GrpcLoad.Reader, FrameReader.Sink {
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(US_ASCII);

    private final GrpcLoad load;
    private final SocketChannel channel;
    private final FrameReader frames = new FrameReader(this);
    private int headRead;

    /** The upgrade's request, which every connection sends. */
    static byte[] upgrade(GrpcLoad load, String path, String subprotocol) {
        return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + load.port()
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Protocol: " + subprotocol
                        + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(US_ASCII);
    }

    /** Nothing is read before the load's next turn. */
    WebSocketConnection(GrpcLoad load, byte[] upgrade) {
        this.load = load;
        channel = load.connect(this);
        load.write(channel, ByteBuffer.wrap(upgrade));
    }

    /** The response to the upgrade has come. */
    abstract void onOpen();

    boolean isOpen() {
        return headRead == END_OF_HEAD.length;
    }

    void write(ByteBuffer frame) {
        load.write(channel, frame.rewind());
    }

    @Override
    public void read(ByteBuffer in) {
        while (!isOpen() && in.hasRemaining()) {
            byte next = in.get();
            headRead = next == END_OF_HEAD[headRead] ? headRead + 1 : next == END_OF_HEAD[0] ? 1 : 0;
            if (isOpen()) {
                onOpen();
            }
        }
        if (isOpen()) {
            frames.accept(in);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

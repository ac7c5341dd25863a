package io.duplexer.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/** One WebSocket of a {@link GrpcLoad}: the upgrade, and then frames (RFC 6455). */
abstract class WebSocketConnection implements GrpcLoad.Reader, FrameReader.Sink {
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(US_ASCII);

    private final GrpcLoad load;
    private final SocketChannel channel;
    private final FrameReader frames = new FrameReader(this);
    /** What is to be sent when the response to the upgrade has come. */
    private final Queue<ByteBuffer> waiting = new ArrayDeque<>();

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

    private boolean isOpen() {
        return headRead == END_OF_HEAD.length;
    }

    /** Sends a frame, once the response to the upgrade has come. */
    void write(ByteBuffer frame) {
        if (isOpen()) {
            load.write(channel, frame.rewind());
        } else {
            waiting.add(frame);
        }
    }

    /** A frame has come that is no ping: those are answered. */
    abstract void received(int opcode, ByteBuffer buffer, int offset, int length);

    @Override
    public void onFrame(int opcode, ByteBuffer buffer, int offset, int length) {
        if (opcode == Frames.PING) {
            write(Frames.pong(buffer, offset, length));
        } else {
            received(opcode, buffer, offset, length);
        }
    }

    @Override
    public void read(ByteBuffer in) {
        while (!isOpen() && in.hasRemaining()) {
            byte next = in.get();
            headRead = next == END_OF_HEAD[headRead] ? headRead + 1 : next == END_OF_HEAD[0] ? 1 : 0;
            if (isOpen()) {
                waiting.forEach(this::write);
                waiting.clear();
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

package io.duplexer.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** One WebSocket of a {@link Load}. */
public final class Client implements FrameReader.Sink {
    private final SocketChannel channel;
    private final Protocol protocol;
    private final MessageListener listener;
    private final FrameReader reader = new FrameReader(this);
    private boolean ready;
    private long sentAtNanos;

    Client(SocketChannel channel, Protocol protocol, MessageListener listener) {
        this.channel = channel;
        this.protocol = protocol;
        this.listener = listener;
        ready = protocol.isReadyAtOnce();
    }

    /** Sends a frame, from its start, whatever was read of it before, and notes the time. */
    public void send(ByteBuffer frame) {
        sentAtNanos = System.nanoTime();
        frame.rewind();
        try {
            while (frame.hasRemaining()) {
                if (channel.write(frame) == 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the server does not take more", e);
        }
    }

    /** When it sent last, see {@link System#nanoTime}. */
    public long sentAtNanos() {
        return sentAtNanos;
    }

    void ready() {
        ready = true;
    }

    boolean isReady() {
        return ready;
    }

    void receive(ByteBuffer in) throws IOException {
        in.clear();
        if (channel.read(in) < 0) {
            throw new IllegalStateException("the server has closed the connection");
        }
        reader.accept(in.flip());
    }

    @Override
    public void onFrame(int opcode, ByteBuffer buffer, int offset, int length) {
        switch (opcode) {
            case Frames.TEXT, Frames.BINARY -> {
                if (protocol.receive(this, buffer, offset, length)) {
                    listener.onMessage(this, buffer, offset, length);
                }
            }
            case Frames.PING -> send(Frames.pong(buffer, offset, length));
            case Frames.PONG -> {}
            case Frames.CLOSE ->
                throw new IllegalStateException(
                        "the server closes with " + (length < 2 ? 1005 : buffer.getShort(offset)));
            default -> throw new IllegalStateException("opcode: " + opcode + " (expected: 1, 2, 8, 9 or 10)");
        }
    }

    void close() throws IOException {
        channel.close();
    }
}

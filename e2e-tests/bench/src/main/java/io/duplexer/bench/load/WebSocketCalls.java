package io.duplexer.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** gRPC over WebSocket: each call on a connection of its own. */
public final class WebSocketCalls implements GrpcCalls {
    private static final byte[] HEADERS =
            "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n".getBytes(US_ASCII);
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(US_ASCII);

    private final GrpcLoad load;
    private final byte[] upgrade;
    private final ByteBuffer headers = Frames.binary(HEADERS);
    private final ByteBuffer halfClose = Frames.binary(new byte[] {1});
    private final ByteBuffer data;

    /**
     * Calls of one method.
     *
     * @param path of the method
     * @param message in its frame, as each call sends it
     */
    public WebSocketCalls(GrpcLoad load, String path, byte[] message) {
        this.load = load;
        data = Frames.binary(ByteBuffer.allocate(1 + message.length)
                .put((byte) 0)
                .put(message)
                .array());
        upgrade = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + load.port()
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Protocol: grpc-websockets"
                        + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(US_ASCII);
    }

    @Override
    public Call start(Listener listener) {
        return new Socket(listener);
    }

    /** Sockets begin by themselves. */
    @Override
    public void begin() {}

    private final class Socket implements Call, GrpcLoad.Reader, FrameReader.Sink {
        private final Listener listener;
        private final SocketChannel channel;
        private final FrameReader frames = new FrameReader(this);
        private final BlockReader blocks = new BlockReader();
        private int headRead;
        private boolean wantsToSend;
        private boolean wantsToHalfClose;

        Socket(Listener listener) {
            this.listener = listener;
            channel = load.connect(this);
            GrpcLoad.write(channel, ByteBuffer.wrap(upgrade));
        }

        private boolean isOpen() {
            return headRead == END_OF_HEAD.length;
        }

        private void write(ByteBuffer frame) {
            GrpcLoad.write(channel, frame.rewind());
        }

        @Override
        public void send() {
            if (isOpen()) {
                write(data);
            } else {
                wantsToSend = true;
            }
        }

        @Override
        public void sendLast() {
            wantsToHalfClose = true;
            send();
            if (isOpen()) {
                write(halfClose);
            }
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

        private void onOpen() {
            write(headers);
            if (wantsToSend) {
                write(data);
            }
            if (wantsToHalfClose) {
                write(halfClose);
            }
        }

        @Override
        public void onFrame(int opcode, ByteBuffer buffer, int offset, int length) {
            if (opcode == Frames.BINARY) {
                blocks.accept(buffer, offset, length);
                for (int i = blocks.takeMessages(); i > 0; i--) {
                    listener.onMessage();
                }
            } else if (opcode == Frames.CLOSE) {
                close();
            } else {
                throw new IllegalStateException("opcode: " + opcode + " (expected: 2 or 8)");
            }
        }

        private void close() {
            if (blocks.headerBlocks() < 2) {
                throw new IllegalStateException("the server closes before the trailers");
            }
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            listener.onEnd();
        }
    }
}

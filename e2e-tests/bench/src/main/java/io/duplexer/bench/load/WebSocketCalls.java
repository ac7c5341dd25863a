package io.duplexer.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/** gRPC over WebSocket: each call on a connection of its own. */
public final class WebSocketCalls implements GrpcCalls {
    static final byte[] HEADERS = "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n".getBytes(US_ASCII);

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
        data = data(message);
        upgrade = WebSocketConnection.upgrade(load, path, "grpc-websockets");
    }

    static ByteBuffer data(byte[] message) {
        return Frames.binary(ByteBuffer.allocate(1 + message.length)
                .put((byte) 0)
                .put(message)
                .array());
    }

    @Override
    public Call start(Listener listener) {
        return new Socket(listener);
    }

    /** Sockets begin by themselves. */
    @Override
    public void begin() {}

    private final class Socket extends WebSocketConnection implements Call {
        private final Listener listener;
        private final BlockReader blocks = new BlockReader();

        Socket(Listener listener) {
            super(load, upgrade);
            this.listener = listener;
            write(headers);
        }

        @Override
        public void send() {
            write(data);
        }

        @Override
        public void sendLast() {
            write(data);
            write(halfClose);
        }

        @Override
        void received(int opcode, ByteBuffer buffer, int offset, int length) {
            if (opcode == Frames.BINARY) {
                blocks.accept(buffer, offset, length);
                load.received(blocks.takeMessageBytes());
                for (int i = blocks.takeMessages(); i > 0; i--) {
                    listener.onMessage();
                }
            } else if (opcode == Frames.CLOSE) {
                if (blocks.headerBlocks() < 2) {
                    throw new IllegalStateException("the server closes before the trailers");
                }
                close();
                listener.onEnd();
            } else {
                throw new IllegalStateException("opcode: " + opcode + " (expected: 2, 8 or 9)");
            }
        }
    }
}

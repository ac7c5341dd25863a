package io.duplexer.bench.load;

import java.nio.ByteBuffer;

/** The chat WebSocket: a socket stands for a call, and each of its frames is a message. */
public final class ChatSockets implements GrpcCalls {
    private final GrpcLoad load;
    private final byte[] upgrade;
    private final ByteBuffer message;

    /**
     * Sockets of one form.
     *
     * @param subprotocol {@code duplexer.chat.v1+json} or {@code duplexer.chat.v1+proto}
     * @param message the frame that each socket sends
     */
    public ChatSockets(GrpcLoad load, String subprotocol, ByteBuffer message) {
        this.load = load;
        this.message = message;
        upgrade = WebSocketConnection.upgrade(load, "/ws", subprotocol);
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

        Socket(Listener listener) {
            super(load, upgrade);
            this.listener = listener;
        }

        @Override
        public void send() {
            write(message);
        }

        @Override
        public void sendLast() {
            throw new UnsupportedOperationException("a chat WebSocket has no last message");
        }

        @Override
        void received(int opcode, ByteBuffer buffer, int offset, int length) {
            switch (opcode) {
                case Frames.TEXT, Frames.BINARY -> {
                    load.received(length);
                    listener.onMessage();
                }
                case Frames.CLOSE ->
                    throw new IllegalStateException(
                            "the server closes with " + (length < 2 ? 1005 : buffer.getShort(offset)));
                default -> throw new IllegalStateException("opcode: " + opcode + " (expected: 1, 2 or 8)");
            }
        }
    }
}

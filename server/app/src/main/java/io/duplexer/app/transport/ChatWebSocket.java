package io.duplexer.app.transport;

import com.google.protobuf.InvalidProtocolBufferException;
import io.duplexer.app.chat.Chat;
import io.duplexer.app.chat.ChatException;
import io.duplexer.app.chat.ChatSession;
import io.duplexer.app.chat.Delivery;
import io.duplexer.app.chat.Outlet;
import io.duplexer.app.chat.Problem;
import io.duplexer.app.transport.JsonReader.MalformedJsonException;
import io.duplexer.bridge.websocket.CloseStatus;
import io.duplexer.bridge.websocket.PreparedMessage;
import io.duplexer.bridge.websocket.WebSocketHandler;
import io.duplexer.bridge.websocket.WebSocketListener;
import io.duplexer.bridge.websocket.WebSocketSession;
import io.duplexer.chat.v1.Message;

/**
 * The chat on a WebSocket: one {@link Message} a frame, as JSON in text frames ({@link #JSON}, or no subprotocol) or as
 * protobuf in binary frames ({@link #PROTO}).
 */
public final class ChatWebSocket implements WebSocketHandler {
    public static final String JSON = "duplexer.chat.v1+json";
    public static final String PROTO = "duplexer.chat.v1+proto";

    private static final Delivery.Encoding<PreparedMessage> AS_JSON =
            message -> PreparedMessage.text(JsonWriter.write(message));
    private static final Delivery.Encoding<PreparedMessage> AS_PROTO =
            message -> PreparedMessage.binary(message.toByteArray());

    /** Messages of one socket that are on their way into the history; above it the socket is not read. */
    private static final int MAX_IN_FLIGHT = 64;

    private final Chat chat;

    public ChatWebSocket(Chat chat) {
        this.chat = chat;
    }

    @Override
    public WebSocketListener onOpen(WebSocketSession socket) {
        var outlet = new SocketOutlet(socket, PROTO.equals(socket.subprotocol()) ? AS_PROTO : AS_JSON);
        try {
            var session = chat.connect(outlet, chat.newPublishRate());
            listen(session, outlet);
            return outlet.encoding == AS_PROTO ? new ProtoListener(socket, session) : new JsonListener(socket, session);
        } catch (ChatException refusal) {
            outlet.end(refusal);
            return new WebSocketListener() {};
        }
    }

    /** To be told of its end, the session needs the listener that it has from now on. */
    private static void listen(ChatSession session, Outlet outlet) {
        try {
            session.listen("");
        } catch (ChatException refusal) {
            outlet.end(refusal);
        }
    }

    /** Sends may come from any thread; a send that fails has closed the socket, which its listener is told. */
    private record SocketOutlet(WebSocketSession socket, Delivery.Encoding<PreparedMessage> encoding)
            implements Outlet {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        public void deliver(Delivery delivery) {
            socket.send(delivery.as(encoding));
        }

        @Override
        public boolean isWritable() {
            return socket.isWritable();
        }

        @Override
        public void end(ChatException reason) {
            socket.close(StatusTable.closeStatus(reason));
        }
    }

    /** What both forms have in common. All of it runs on the socket's event loop. */
    private abstract static class Listener implements WebSocketListener {
        private final WebSocketSession socket;
        private final ChatSession session;
        private int inFlight;

        Listener(WebSocketSession socket, ChatSession session) {
            this.socket = socket;
            this.session = session;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // It never fails.
        void receive(Message message) {
            var handled = session.receive(message);
            if (handled.isDone()) {
                return;
            }
            if (++inFlight == MAX_IN_FLIGHT) {
                socket.pauseReading();
            }
            handled.thenRunAsync(
                    () -> {
                        if (inFlight-- == MAX_IN_FLIGHT) {
                            socket.resumeReading();
                        }
                    },
                    socket.context().eventLoop());
        }

        void malformed(String reason) {
            malformed(Message.getDefaultInstance(), reason);
        }

        void malformed(Message asFarAsRead, String reason) {
            session.refuse(asFarAsRead, new ChatException(Problem.MALFORMED, reason));
        }

        @Override
        public void onWritable() {
            // From a stack of its own: a send, and with it a lock of the chat, may be below this one.
            socket.context().eventLoop().execute(session::onWritable);
        }

        @Override
        public void onClosed(CloseStatus status) {
            session.close();
        }
    }

    private static final class JsonListener extends Listener {
        JsonListener(WebSocketSession socket, ChatSession session) {
            super(socket, session);
        }

        @Override
        public void onText(String text) {
            try {
                receive(JsonReader.read(text));
            } catch (MalformedJsonException e) {
                malformed(e.address(), String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void onBinary(byte[] message) {
            malformed("frame: binary (expected: text frames of JSON; binary ones need the subprotocol " + PROTO + ")");
        }
    }

    private static final class ProtoListener extends Listener {
        ProtoListener(WebSocketSession socket, ChatSession session) {
            super(socket, session);
        }

        @Override
        public void onBinary(byte[] bytes) {
            try {
                receive(Message.parseFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                malformed("message: not protobuf (expected: one duplexer.chat.v1.Message a frame)");
            }
        }

        @Override
        public void onText(String text) {
            malformed("frame: text (expected: binary frames of protobuf; text ones need the subprotocol " + JSON + ")");
        }
    }
}

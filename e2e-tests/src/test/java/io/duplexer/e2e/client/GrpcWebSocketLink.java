package io.duplexer.e2e.client;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Message;
import java.net.URI;

/** The {@code Chat} call on gRPC over WebSocket. */
public final class GrpcWebSocketLink implements DuplexLink {
    private final GrpcWebSocketCall<Message> call;

    private GrpcWebSocketLink(URI server, Listener listener) {
        call = GrpcWebSocketCall.start(server, ChatServiceGrpc.getChatMethod(), Message.parser(), listener::onMessage);
        call.onEnd(status -> listener.onEnd(Refused.of(status)));
    }

    /** A link to the given server, whose scheme is {@code ws}. */
    public static Opener to(URI server) {
        return listener -> new GrpcWebSocketLink(server, listener);
    }

    @Override
    public void send(Message message) {
        call.send(message);
    }

    @Override
    public void close() {
        call.cancel();
    }
}

package io.duplexer.e2e.badinput;

import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.DuplexClient;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.client.WebSocketLink;
import io.duplexer.e2e.support.ServerProcess;

/** The chat by the name of a transport, for tables. */
final class Transports {
    private Transports() {}

    static Message line(String room, String content) {
        return Message.newBuilder()
                .setUserId("ann")
                .setRoom(room)
                .setContent(content)
                .build();
    }

    static ChatClient connect(ServerProcess server, String transport) {
        return switch (transport) {
            case "gRPC" -> new GrpcCalls(server.port());
            case "gRPC-Web" -> new GrpcWebClient(server.uri(), "application/grpc-web+proto");
            case "WebSocket" -> new DuplexClient(WebSocketLink.to(server.uri("ws", "/"), WebSocketLink.PROTO));
            default -> throw new IllegalArgumentException(transport);
        };
    }
}

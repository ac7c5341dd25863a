package io.duplexer.e2e.client;

import io.duplexer.e2e.support.ServerProcess;

/** Every way to the chat. */
public enum Transport {
    GRPC_CALLS,
    GRPC_CHAT,
    GRPC_WEB,
    GRPC_WEB_TEXT,
    GRPC_WEB_SOCKET_CALLS,
    GRPC_WEB_SOCKET_CHAT,
    JSON,
    PROTO;

    /** A client with connections of its own. */
    public ChatClient connect(ServerProcess server) {
        return switch (this) {
            case GRPC_CALLS -> new GrpcCalls(server.port());
            case GRPC_CHAT -> new DuplexClient(GrpcChatLink.to(server.port()));
            case GRPC_WEB -> new GrpcWebClient(server.uri(), "application/grpc-web+proto");
            case GRPC_WEB_TEXT -> new GrpcWebClient(server.uri(), "application/grpc-web-text");
            case GRPC_WEB_SOCKET_CALLS -> new GrpcWebSocketCalls(server.uri("ws", "/"));
            case GRPC_WEB_SOCKET_CHAT -> new DuplexClient(GrpcWebSocketLink.to(server.uri("ws", "/")));
            case JSON -> new DuplexClient(WebSocketLink.to(server.uri("ws", "/ws"), WebSocketLink.JSON));
            case PROTO -> new DuplexClient(WebSocketLink.to(server.uri("ws", "/ws"), WebSocketLink.PROTO));
        };
    }

    /** Whether all that a client does shares one stream, on which refusals are events. */
    public boolean isDuplex() {
        return switch (this) {
            case GRPC_CHAT, GRPC_WEB_SOCKET_CHAT, JSON, PROTO -> true;
            case GRPC_CALLS, GRPC_WEB, GRPC_WEB_TEXT, GRPC_WEB_SOCKET_CALLS -> false;
        };
    }
}

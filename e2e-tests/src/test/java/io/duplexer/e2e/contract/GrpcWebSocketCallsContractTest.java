package io.duplexer.e2e.contract;

import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.GrpcWebSocketCalls;
import io.duplexer.e2e.support.ServerProcess;

/** Unary calls and server streams on gRPC over WebSocket, one socket for each. */
class GrpcWebSocketCallsContractTest extends ChatContract {
    @Override
    ChatClient newClient(ServerProcess server) {
        return new GrpcWebSocketCalls(server.uri("ws", "/"));
    }
}

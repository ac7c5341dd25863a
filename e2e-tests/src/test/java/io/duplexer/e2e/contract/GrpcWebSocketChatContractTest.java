package io.duplexer.e2e.contract;

import io.duplexer.e2e.client.DuplexLink;
import io.duplexer.e2e.client.GrpcWebSocketLink;
import io.duplexer.e2e.support.ServerProcess;

/** The {@code Chat} call on gRPC over WebSocket. */
class GrpcWebSocketChatContractTest extends DuplexContract {
    @Override
    DuplexLink.Opener link(ServerProcess server) {
        return GrpcWebSocketLink.to(server.uri("ws", "/"));
    }
}

package io.duplexer.e2e.contract;

import io.duplexer.e2e.client.DuplexLink;
import io.duplexer.e2e.client.WebSocketLink;
import io.duplexer.e2e.support.ServerProcess;

/** The chat WebSocket in protobuf. */
class ProtoWebSocketContractTest extends DuplexContract {
    @Override
    DuplexLink.Opener link(ServerProcess server) {
        return WebSocketLink.to(server.uri("ws", "/ws"), WebSocketLink.PROTO);
    }
}

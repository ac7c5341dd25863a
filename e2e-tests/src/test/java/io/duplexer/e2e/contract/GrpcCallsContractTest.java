package io.duplexer.e2e.contract;

import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.support.ServerProcess;

/** Unary calls and server streams on native gRPC. */
class GrpcCallsContractTest extends ChatContract {
    @Override
    ChatClient newClient(ServerProcess server) {
        return new GrpcCalls(server.port());
    }
}

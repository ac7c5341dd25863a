package io.duplexer.e2e.contract;

import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.support.ServerProcess;

/** gRPC-Web in its binary form. */
class GrpcWebContractTest extends ChatContract {
    @Override
    ChatClient newClient(ServerProcess server) {
        return new GrpcWebClient(server.uri(), "application/grpc-web+proto");
    }
}

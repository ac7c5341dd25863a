package io.duplexer.e2e.contract;

import io.duplexer.e2e.client.DuplexLink;
import io.duplexer.e2e.client.GrpcChatLink;
import io.duplexer.e2e.support.ServerProcess;

/** The {@code Chat} call on native gRPC. */
class GrpcChatContractTest extends DuplexContract {
    @Override
    DuplexLink.Opener link(ServerProcess server) {
        return GrpcChatLink.to(server.port());
    }
}

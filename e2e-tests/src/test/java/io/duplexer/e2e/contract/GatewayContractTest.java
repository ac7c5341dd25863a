package io.duplexer.e2e.contract;

import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.DuplexLink;
import io.duplexer.e2e.support.ServerProcess;
import io.duplexer.e2e.support.SharedGateway;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract once more, with every client at a gateway before the server. */
final class GatewayContractTest {
    @RegisterExtension
    static final SharedGateway gateway = SharedGateway.before(ContractTest.server);

    @Nested
    class GrpcCalls extends GrpcCallsContractTest {
        @Override
        ChatClient newClient(ServerProcess server) {
            return super.newClient(gateway.process());
        }
    }

    @Nested
    class GrpcChat extends GrpcChatContractTest {
        @Override
        DuplexLink.Opener link(ServerProcess server) {
            return super.link(gateway.process());
        }
    }

    @Nested
    class GrpcWeb extends GrpcWebContractTest {
        @Override
        ChatClient newClient(ServerProcess server) {
            return super.newClient(gateway.process());
        }
    }

    @Nested
    class GrpcWebText extends GrpcWebTextContractTest {
        @Override
        ChatClient newClient(ServerProcess server) {
            return super.newClient(gateway.process());
        }
    }

    @Nested
    class GrpcWebSocketCalls extends GrpcWebSocketCallsContractTest {
        @Override
        ChatClient newClient(ServerProcess server) {
            return super.newClient(gateway.process());
        }
    }

    @Nested
    class GrpcWebSocketChat extends GrpcWebSocketChatContractTest {
        @Override
        DuplexLink.Opener link(ServerProcess server) {
            return super.link(gateway.process());
        }
    }

    @Nested
    class JsonWebSocket extends JsonWebSocketContractTest {
        @Override
        DuplexLink.Opener link(ServerProcess server) {
            return super.link(gateway.process());
        }
    }

    @Nested
    class ProtoWebSocket extends ProtoWebSocketContractTest {
        @Override
        DuplexLink.Opener link(ServerProcess server) {
            return super.link(gateway.process());
        }
    }
}

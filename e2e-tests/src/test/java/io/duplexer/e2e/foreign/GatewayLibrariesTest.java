package io.duplexer.e2e.foreign;

import io.duplexer.e2e.support.BridgeServer;
import io.duplexer.e2e.support.ServerProcess;
import io.duplexer.e2e.support.SharedGateway;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The two libraries through a gateway: nothing is different. */
final class GatewayLibrariesTest extends GrpcWebSocketLibrariesTest {
    @RegisterExtension
    static final SharedGateway gateway = SharedGateway.before(server);

    @Override
    ServerProcess entrance() {
        return gateway.process();
    }

    @Override
    BridgeServer newBridge() {
        return BridgeServer.behindGateway();
    }
}

package io.duplexer.e2e.browser;

import io.duplexer.e2e.support.BridgeServer;

/** The transport for Connect-ES through a gateway: nothing is different. */
final class GatewayTransportTest extends TransportTest {
    @Override
    BridgeServer newServer() {
        return BridgeServer.behindGateway();
    }
}

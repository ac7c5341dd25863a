package io.duplexer.bridge.grpc.interop;

import io.grpc.ManagedChannelBuilder;

/** gRPC over WebSocket through the gateway. */
public final class GatewayWebSocketInteropTest extends GatewayInteropTest {
    @Override
    ManagedChannelBuilder<?> channelTo(int port) {
        return WebChannel.builder(port, loop -> new WebSocketWire(port, loop));
    }
}

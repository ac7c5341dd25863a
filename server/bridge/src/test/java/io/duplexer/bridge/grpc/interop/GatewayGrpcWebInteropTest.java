package io.duplexer.bridge.grpc.interop;

import io.grpc.ManagedChannelBuilder;

/** gRPC-Web through the gateway. */
public final class GatewayGrpcWebInteropTest extends GatewayInteropTest {
    @Override
    ManagedChannelBuilder<?> channelTo(int port) {
        return WebChannel.builder(port, loop -> new HttpWire(port, loop));
    }
}

package io.duplexer.bridge.grpc.interop;

import io.grpc.ManagedChannelBuilder;

/** gRPC over WebSocket: grpc-java's client machinery over one socket for each call. */
public final class GrpcWebSocketInteropTest extends ArmeriaInteropTest {
    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        return WebChannel.builder(port(), loop -> new WebSocketWire(port(), loop));
    }

    @Override
    protected boolean tellsAddresses() {
        return false;
    }
}

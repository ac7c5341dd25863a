package io.duplexer.bridge.grpc.interop;

import io.grpc.ManagedChannelBuilder;

/** gRPC-Web: grpc-java's client machinery over HTTP/2. */
public final class GrpcWebInteropTest extends ArmeriaInteropTest {
    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        return WebChannel.builder(port(), loop -> new HttpWire(port(), loop));
    }

    @Override
    protected boolean tellsAddresses() {
        return false;
    }
}

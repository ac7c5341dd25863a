package io.duplexer.bridge.grpc.interop;

import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;

/** Native gRPC: grpc-java's client on HTTP/2. */
public final class NativeGrpcInteropTest extends ArmeriaInteropTest {
    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        return NettyChannelBuilder.forAddress("127.0.0.1", port())
                .usePlaintext()
                .maxInboundMessageSize(MAX_MESSAGE_SIZE);
    }

    @Override
    protected boolean tellsAddresses() {
        return true;
    }
}

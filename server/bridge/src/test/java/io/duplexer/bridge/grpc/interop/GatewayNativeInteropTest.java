package io.duplexer.bridge.grpc.interop;

import io.grpc.ManagedChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;

/** Native gRPC through the gateway. */
public final class GatewayNativeInteropTest extends GatewayInteropTest {
    @Override
    ManagedChannelBuilder<?> channelTo(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().maxInboundMessageSize(MAX_MESSAGE_SIZE);
    }
}

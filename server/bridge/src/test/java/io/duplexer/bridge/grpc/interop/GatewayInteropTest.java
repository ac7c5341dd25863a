package io.duplexer.bridge.grpc.interop;

import static org.junit.Assume.assumeTrue;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import io.duplexer.bridge.gateway.Gateway;
import io.duplexer.bridge.gateway.Upstream;
import io.duplexer.bridge.grpc.GrpcWebSocket;
import io.duplexer.bridge.websocket.WebSocketConfig;
import io.grpc.ForwardingServerBuilder;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * gRPC's own interoperability tests, with the gateway between the client and grpc-java's own server. What is left out is
 * here, with its reason; everything else is as gRPC has it.
 */
public abstract class GatewayInteropTest extends AbstractInteropTest {
    private static final int MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static ClientFactory clients;

    private @Nullable Server gateway;
    private io.grpc.@Nullable Server upstream;

    @BeforeClass
    public static void open() {
        clients = Upstream.clientFactory().build();
    }

    @AfterClass
    public static void close() {
        var unused = clients.closeAsync();
    }

    /** The channel of a client of the gateway. */
    abstract ManagedChannelBuilder<?> channelTo(int port);

    @Override
    protected ServerBuilder<?> getServerBuilder() {
        return new Remembering(NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .maxInboundMessageSize(MAX_MESSAGE_BYTES));
    }

    /** The base class starts the server, and keeps its port to itself. */
    private final class Remembering extends ForwardingServerBuilder<Remembering> {
        private final ServerBuilder<?> delegate;

        Remembering(ServerBuilder<?> delegate) {
            this.delegate = delegate;
        }

        @Override
        protected ServerBuilder<?> delegate() {
            return delegate;
        }

        @Override
        public io.grpc.Server build() {
            upstream = super.build();
            return upstream;
        }
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
        var port = Objects.requireNonNull(upstream).getPort();
        var service = Gateway.builder()
                .route("/", Upstream.of("interop", SessionProtocol.H2C, Endpoint.of("127.0.0.1", port), clients))
                .maxMessageBytes(MAX_MESSAGE_BYTES)
                .build();
        var started = Server.builder()
                .http(0)
                .meterRegistry(NoopMeterRegistry.get())
                .gracefulShutdownTimeoutMillis(0, 0)
                .serviceUnder(
                        "/",
                        ((HttpService) service)
                                .decorate(GrpcWebSocket.builder()
                                        .config(WebSocketConfig.DEFAULT.withMaxMessageBytes(MAX_MESSAGE_BYTES))
                                        .newDecoratorFunction()))
                .build();
        started.start().join();
        gateway = started;
        return channelTo(started.activeLocalPort());
    }

    @After
    public void stopGateway() {
        if (gateway != null) {
            var unused = gateway.closeAsync();
        }
    }

    /** Metrics are those of OpenCensus, whose module is not in use here. */
    @Override
    protected boolean metricsExpected() {
        return false;
    }

    @Test
    @Override
    public void censusContextsPropagated() {
        assumeTrue("asks for the contexts of OpenCensus, whose module is not in use here", false);
    }

    @Test
    @Override
    public void getServerAddressAndLocalAddressFromClient() {
        assumeTrue("between the client and the server there are two connections", false);
    }
}

package io.duplexer.bridge.gateway;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.common.util.AsyncCloseable;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import io.duplexer.bridge.grpc.GrpcWebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Upstreams that are played, a gateway to them, and a client of it, all on free ports of the loopback address. */
final class TestGateway implements AutoCloseable {
    private final List<AsyncCloseable> open = new ArrayList<>();
    private final Server server;
    private final Gateway gateway;
    private final WebClient http1;
    private final WebClient http2;

    private TestGateway(Upstream upstream, UnaryOperator<Gateway.Builder> settings, List<AsyncCloseable> others) {
        open.addAll(others);
        open.add(upstream.factory());
        gateway = settings.apply(Gateway.builder().route("/", upstream)).build();
        server = serve(gateway.decorate(GrpcWebSocket.newDecorator()));
        open.add(server);
        var clients = ClientFactory.builder()
                .http2InitialStreamWindowSize(65_535)
                .meterRegistry(NoopMeterRegistry.get())
                .build();
        open.add(clients);
        http1 = client(SessionProtocol.H1C, clients);
        http2 = client(SessionProtocol.H2C, clients);
    }

    private WebClient client(SessionProtocol protocol, ClientFactory factory) {
        return WebClient.builder(protocol, Endpoint.of("127.0.0.1", port()))
                .factory(factory)
                .responseTimeoutMode(ResponseTimeoutMode.CONNECTION_ACQUIRED)
                .responseTimeoutMillis(0)
                .maxResponseLength(0)
                .build();
    }

    /** Before one upstream, whose connections are served by {@code service}. */
    static TestGateway before(HttpService service) {
        return before(service, settings -> settings);
    }

    static TestGateway before(HttpService service, UnaryOperator<Gateway.Builder> settings) {
        var upstream = serve(service);
        return new TestGateway(upstream(endpoint(upstream)), settings, List.of(upstream));
    }

    /**
     * Before endpoints of the test's own.
     *
     * @param others closed with the gateway
     */
    static TestGateway before(EndpointGroup endpoints, AsyncCloseable... others) {
        return before(upstream(endpoints), others);
    }

    /** Before an upstream whose connections are of the test's own making. */
    static TestGateway before(Upstream upstream, AsyncCloseable... others) {
        return new TestGateway(upstream, settings -> settings, List.of(others));
    }

    private static Upstream upstream(EndpointGroup endpoints) {
        return Upstream.of(
                "played",
                SessionProtocol.H2C,
                endpoints,
                Upstream.clientFactory().build());
    }

    /** An upstream, or any other server, at all paths. */
    static Server serve(HttpService service) {
        var server = Server.builder()
                .http(0)
                .meterRegistry(NoopMeterRegistry.get())
                .gracefulShutdownTimeoutMillis(0, 0)
                .requestTimeoutMillis(0)
                .maxRequestLength(0)
                .serviceUnder("/", service)
                .build();
        server.start().join();
        return server;
    }

    static Endpoint endpoint(Server server) {
        return Endpoint.of("127.0.0.1", server.activeLocalPort());
    }

    int port() {
        return server.activeLocalPort();
    }

    int activeCalls() {
        return gateway.activeCalls();
    }

    Gateway gateway() {
        return gateway;
    }

    /** Sends the headers of a call of {@code /a.B/C}. */
    Exchange call(String contentType, String... headers) {
        return Exchange.start(contentType.contains("web") ? http1 : http2, contentType, headers);
    }

    /** Over HTTP/2, whatever the content type. */
    Exchange callOverHttp2(String contentType, String... headers) {
        return Exchange.start(http2, contentType, headers);
    }

    /** Does not wait: Netty takes two seconds to stop the threads that accept connections. */
    @Override
    public void close() {
        for (var each : open) {
            var unused = each.closeAsync();
        }
    }
}

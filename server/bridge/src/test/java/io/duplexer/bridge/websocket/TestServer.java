package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import java.util.function.Consumer;

/** A server on free ports of the loopback address, in the clear and in TLS. */
final class TestServer implements AutoCloseable {
    static final String PATH = "/ws";

    private final Server server;

    private TestServer(Server server) {
        this.server = server;
        server.start().join();
    }

    static TestServer of(HttpService service) {
        return of(service, builder -> {});
    }

    static TestServer of(HttpService service, Consumer<ServerBuilder> customizer) {
        ServerBuilder builder = Server.builder()
                .http(0)
                .https(0)
                .tlsSelfSigned()
                .service(PATH, service)
                .meterRegistry(NoopMeterRegistry.get())
                .gracefulShutdownTimeoutMillis(0, 0);
        customizer.accept(builder);
        return new TestServer(builder.build());
    }

    /** A server of an endpoint that echoes. */
    static TestServer echo(WebSocketConfig config) {
        return of(WebSocketEndpoint.builder(EchoListener::new).config(config).build());
    }

    int port() {
        return server.activeLocalPort(SessionProtocol.HTTP);
    }

    int tlsPort() {
        return server.activeLocalPort(SessionProtocol.HTTPS);
    }

    Server server() {
        return server;
    }

    /** Does not wait: Netty takes two seconds to stop the threads that accept connections. */
    @Override
    public void close() {
        server.closeAsync().exceptionally(cause -> {
            throw new AssertionError(cause);
        });
    }
}

package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.util.function.Consumer;
import java.util.function.Function;

/** A server on free ports of the loopback address, in the clear and in TLS. */
final class GrpcServer implements AutoCloseable {
    private final Server server;

    private GrpcServer(Consumer<ServerBuilder> customizer) {
        ServerBuilder builder = Server.builder()
                .http(0)
                .https(0)
                .tlsSelfSigned()
                .meterRegistry(NoopMeterRegistry.get())
                .gracefulShutdownTimeoutMillis(0, 0);
        customizer.accept(builder);
        server = builder.build();
        server.start().join();
    }

    /** Serves the played service, with what is given between it and the WebSocket, if anything. */
    static GrpcServer of(PlayedService service, Function<HttpService, HttpService> between, GrpcWebSocket bridge) {
        return of(service, between, bridge, builder -> {});
    }

    static GrpcServer of(
            PlayedService service,
            Function<HttpService, HttpService> between,
            GrpcWebSocket bridge,
            Consumer<ServerBuilder> customizer) {
        return new GrpcServer(builder -> customizer
                .andThen(other -> other.service(
                        GrpcService.builder()
                                .addService(service.definition())
                                .useMethodMarshaller(true)
                                .maxRequestMessageLength(1024 * 1024)
                                .exceptionHandler((ctx, status, cause, metadata) ->
                                        cause instanceof RequestTimeoutException ? Status.DEADLINE_EXCEEDED : status)
                                .build(),
                        between,
                        bridge.newDecoratorFunction()))
                .accept(builder));
    }

    static GrpcServer of(PlayedService service) {
        return of(service, delegate -> delegate, GrpcWebSocket.builder());
    }

    /** Serves any delegate on all paths. */
    static GrpcServer of(HttpService delegate, GrpcWebSocket bridge) {
        return new GrpcServer(builder -> builder.route()
                .pathPrefix("/")
                .build(bridge.newDecoratorFunction().apply(delegate)));
    }

    static GrpcServer of(Consumer<ServerBuilder> customizer) {
        return new GrpcServer(customizer);
    }

    GrpcSocket open(SessionProtocol protocol, MethodType type) {
        return open(protocol, type, HttpHeaders.of());
    }

    GrpcSocket open(SessionProtocol protocol, MethodType type, HttpHeaders headers) {
        return GrpcSocket.open(protocol, port(protocol), PlayedService.path(type), headers);
    }

    GrpcSocket openDeaf(SessionProtocol protocol, MethodType type) {
        return GrpcSocket.openDeaf(protocol, port(protocol), PlayedService.path(type), HttpHeaders.of());
    }

    int port(SessionProtocol protocol) {
        return server.activeLocalPort(protocol.isTls() ? SessionProtocol.HTTPS : SessionProtocol.HTTP);
    }

    Server server() {
        return server;
    }

    /** Does not wait: Netty takes two seconds to stop the threads that accept connections. */
    void stop() {
        server.closeAsync().exceptionally(cause -> {
            throw new AssertionError(cause);
        });
    }

    @Override
    public void close() {
        stop();
    }
}

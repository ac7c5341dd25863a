package io.duplexer.bridge.grpc.interop;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.duplexer.bridge.grpc.GrpcWebSocket;
import io.duplexer.bridge.grpc.StrictGrpc;
import io.duplexer.bridge.websocket.WebSocketConfig;
import io.grpc.Metadata;
import io.grpc.ServerInterceptors;
import io.grpc.testing.TestUtils;
import io.grpc.testing.integration.TestServiceImpl;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;

/** gRPC's own test service on Armeria, over all three transports on one port. */
final class InteropServer implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
    private final AtomicReference<Metadata> lastHeaders = new AtomicReference<>(new Metadata());
    private final Server server;

    InteropServer() {
        GrpcService service = GrpcService.builder()
                .addService(ServerInterceptors.intercept(
                        ServerInterceptors.intercept(new TestServiceImpl(executor), TestServiceImpl.interceptors()),
                        TestUtils.recordRequestHeadersInterceptor(lastHeaders)))
                .supportedSerializationFormats(GrpcSerializationFormats.PROTO, GrpcSerializationFormats.PROTO_WEB)
                .maxRequestMessageLength(MAX_MESSAGE_BYTES)
                .maxResponseMessageLength(MAX_MESSAGE_BYTES)
                .intercept(StrictGrpc.interceptor())
                .exceptionHandler(StrictGrpc.exceptionHandler())
                .build();
        GrpcWebSocket bridge =
                GrpcWebSocket.builder().config(WebSocketConfig.DEFAULT.withMaxMessageBytes(MAX_MESSAGE_BYTES));
        server = Server.builder()
                .http(0)
                .maxRequestLength(0)
                .requestTimeoutMillis(0)
                .meterRegistry(NoopMeterRegistry.get())
                .gracefulShutdownTimeoutMillis(0, 0)
                .service(service, StrictGrpc.newDecorator(), bridge.newDecoratorFunction())
                // Calls of services that are not here reach the one that says so.
                .route()
                .pathPrefix("/")
                .build(bridge.newDecoratorFunction()
                        .apply(StrictGrpc.newDecorator().apply(service)))
                .build();
        server.start().join();
    }

    int port() {
        return server.activeLocalPort(SessionProtocol.HTTP);
    }

    Metadata lastHeaders() {
        return lastHeaders.get();
    }

    @Override
    public void close() {
        server.closeAsync().exceptionally(cause -> {
            throw new AssertionError(cause);
        });
        executor.shutdownNow();
    }
}

package io.duplexer.e2e.support;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.AsyncCloseable;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.duplexer.bridge.gateway.Gateway;
import io.duplexer.bridge.gateway.Upstream;
import io.duplexer.bridge.grpc.GrpcWebSocket;
import io.duplexer.bridge.websocket.FlushPerTurn;
import io.duplexer.chat.v1.ChatServiceGrpc;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.netty.channel.ChannelOption;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A server of the tests' own, as a Java developer makes one with the bridge: {@link PlayedChat} on gRPC, gRPC-Web and gRPC
 * over WebSocket, by itself or behind a gateway. What a call sends as {@code x-echo-...} comes back, as headers with that name and as trailers that begin
 * with {@code x-trailer-}.
 */
public final class BridgeServer implements AutoCloseable {
    /** Small, so that a side that is not read stalls soon. */
    private static final int SOCKET_BUFFER_BYTES = 128 * 1024;

    private final PlayedChat chat = new PlayedChat();
    private final Inbox<ServedCall> calls = new Inbox<>();
    private final Server server;
    /** Whom clients talk to: the server, or the gateway before it. */
    private final Server entrance;

    private final ClientFactory gatewayConnections = Upstream.clientFactory().build();

    /** A call as its handler sees it. */
    public record ServedCall(String method, Metadata headers, CompletableFuture<Boolean> completed) {}

    public BridgeServer() {
        this(false);
    }

    /** A server that is reached through a gateway. */
    public static BridgeServer behindGateway() {
        return new BridgeServer(true);
    }

    private BridgeServer(boolean behindGateway) {
        var grpc = GrpcService.builder()
                .addService(chat)
                .intercept(new Echo(), new Recorder())
                .build();
        server = start(builder().service(grpc, GrpcWebSocket.newDecorator()));
        entrance = behindGateway
                ? start(builder()
                        .childChannelPipelineCustomizer(FlushPerTurn::addTo)
                        .serviceUnder(
                                "/" + ChatServiceGrpc.SERVICE_NAME + "/",
                                Gateway.of(upstream()).decorate(GrpcWebSocket.newDecorator())))
                : server;
    }

    private static ServerBuilder builder() {
        return Server.builder()
                .http(0)
                .requestTimeoutMillis(0)
                .maxRequestLength(0)
                .childChannelOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .childChannelOption(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .gracefulShutdownTimeoutMillis(0, 0)
                .service(
                        "/healthz",
                        (ctx, request) -> HttpResponse.of(MediaType.HTML_UTF_8, "<!doctype html><title>empty</title>"));
    }

    private static Server start(ServerBuilder builder) {
        var server = builder.build();
        Patience.await(server.start());
        return server;
    }

    private Upstream upstream() {
        return Upstream.of(
                "played",
                SessionProtocol.H2C,
                Endpoint.of("127.0.0.1", server.activeLocalPort(SessionProtocol.HTTP)),
                gatewayConnections);
    }

    public PlayedChat chat() {
        return chat;
    }

    /** The next call that reached its handler. */
    public ServedCall nextCall() {
        return calls.take();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + entrance.activeLocalPort(SessionProtocol.HTTP) + "/");
    }

    /** Does not wait: Netty takes two seconds to stop the threads that accept connections. */
    @Override
    public void close() {
        for (AsyncCloseable each : List.of(entrance, gatewayConnections, server)) {
            each.closeAsync().exceptionally(failure -> {
                throw new AssertionError(failure);
            });
        }
    }

    /** Tells which calls came, and whether each was completed or cancelled. */
    private final class Recorder implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            var served = new ServedCall(
                    String.valueOf(call.getMethodDescriptor().getBareMethodName()), headers, new CompletableFuture<>());
            calls.add(served);
            return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
                @Override
                public void onComplete() {
                    served.completed().complete(true);
                    super.onComplete();
                }

                @Override
                public void onCancel() {
                    served.completed().complete(false);
                    super.onCancel();
                }
            };
        }
    }

    private static final class Echo implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public void sendHeaders(Metadata answer) {
                            copy(headers, "x-echo-", answer, "x-echo-");
                            super.sendHeaders(answer);
                        }

                        @Override
                        public void close(Status status, Metadata trailers) {
                            copy(headers, "x-echo-", trailers, "x-trailer-");
                            super.close(status, trailers);
                        }
                    },
                    headers);
        }

        private static void copy(Metadata from, String prefix, Metadata to, String newPrefix) {
            for (var name : from.keys()) {
                if (name.startsWith(prefix)) {
                    var newName = newPrefix + name.substring(prefix.length());
                    if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                        copy(from, binary(name), to, binary(newName));
                    } else {
                        copy(from, ascii(name), to, ascii(newName));
                    }
                }
            }
        }

        private static <T> void copy(Metadata from, Metadata.Key<T> key, Metadata to, Metadata.Key<T> newKey) {
            var values = from.getAll(key);
            if (values != null) {
                values.forEach(value -> to.put(newKey, value));
            }
        }

        private static Metadata.Key<String> ascii(String name) {
            return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        }

        private static Metadata.Key<byte[]> binary(String name) {
            return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
        }
    }
}

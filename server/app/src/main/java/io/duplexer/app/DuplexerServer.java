package io.duplexer.app;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerListener;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import io.duplexer.app.chat.Chat;
import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retention;
import io.duplexer.app.transport.ChatWebSocket;
import io.duplexer.app.transport.GrpcChat;
import io.duplexer.bridge.grpc.GrpcWebSocket;
import io.duplexer.bridge.websocket.OriginPolicy;
import io.duplexer.bridge.websocket.WebSocketConfig;
import io.duplexer.bridge.websocket.WebSocketEndpoint;
import io.duplexer.bridge.websocket.WebSocketEndpointBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything on one port: the page, gRPC, gRPC-Web, the chat WebSocket, documentation and health. */
final class DuplexerServer {
    private static final Logger logger = LoggerFactory.getLogger(DuplexerServer.class);
    /** What a memory history keeps: far more than a demonstration needs, and little enough for a small machine. */
    private static final int RETAINED_MESSAGES = 10_000;

    private static final long RETAINED_BYTES = 256L * 1024 * 1024;
    /** No new call for this long, and the server is taken to be idle when it stops. */
    private static final Duration QUIET_PERIOD = Duration.ofMillis(100);

    /** What stopping may take beyond the grace period. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private static final int POLL_MILLIS = 20;

    private final Server server;
    private final History history;
    private final ServerConfig config;

    private DuplexerServer(Server server, History history, ServerConfig config) {
        this.server = server;
        this.history = history;
        this.config = config;
    }

    /**
     * Starts a server.
     *
     * @throws StartException if the port or the certificate cannot be used
     */
    static DuplexerServer start(ServerConfig config) throws StartException {
        var history = new MemoryHistory(new Retention(config.maxRooms(), RETAINED_MESSAGES, RETAINED_BYTES));
        var server = build(config, history);
        try {
            server.start().join();
        } catch (CompletionException e) {
            history.close();
            throw explain(config, e.getCause() == null ? e : e.getCause());
        }
        return new DuplexerServer(server, history, config);
    }

    private static Server build(ServerConfig config, History history) throws StartException {
        var chat = new Chat(history, config.chat(), InstantSource.system());
        var transport = config.transport();
        var origins = OriginPolicy.sameOrigin()
                .or(OriginPolicy.allowList(config.allowedOrigins().toArray(String[]::new)));
        var page = StaticPage.create();
        var grpc = GrpcEndpoint.create(
                new GrpcChat(chat, transport.maxQueuedBytes()), "/ChatService", transport.maxMessageBytes());

        var builder = Server.builder();
        listen(builder, config);
        builder.maxNumConnections(2 * config.chat().maxSessions())
                // Streams are as long as they are. What one message or one call may take is bounded by each service.
                .requestTimeoutMillis(0)
                .maxRequestLength(0)
                .requestAutoAbortDelayMillis(0)
                .idleTimeout(transport.pingInterval().multipliedBy(3))
                .pingInterval(transport.pingInterval())
                .gracefulShutdownTimeout(quietPeriod(transport.gracePeriod()), transport.gracePeriod())
                .disableServerHeader();

        builder.serverListener(
                ServerListener.builder().whenStopping(stopping -> chat.close()).build());

        var crossOrigin = new CrossOrigin(config.allowedOrigins(), origins);
        var grpcWebSocket = grpcWebSocket(transport, origins).newDecoratorFunction();
        builder.service(grpc, grpcWebSocket, crossOrigin::decorate);
        builder.serviceUnder(
                "/", page.decorate(UnknownMethods::new).decorate(grpcWebSocket).decorate(crossOrigin::decorate));
        builder.service("/", chatSocket(chat, transport, origins).fallback(page).build());
        builder.service("/ws", chatSocket(chat, transport, origins).build());
        builder.serviceUnder("/docs", Documentation.create());
        builder.service("/healthz", HealthCheckService.of());
        return builder.build();
    }

    private static TlsKeyPair keyPair(ServerConfig.Tls.Files files) throws StartException {
        try {
            return TlsKeyPair.of(files.key().toFile(), files.certificate().toFile());
        } catch (IllegalArgumentException e) {
            throw new StartException("--tls-cert, --tls-key: " + files.certificate() + " and " + files.key()
                    + " are no certificate and its key: " + rootMessage(e) + " (expected: PEM, the key as PKCS#8)");
        }
    }

    private static Duration quietPeriod(Duration gracePeriod) {
        return QUIET_PERIOD.compareTo(gracePeriod) < 0 ? QUIET_PERIOD : gracePeriod;
    }

    private static WebSocketEndpointBuilder chatSocket(
            Chat chat, ServerConfig.Transport transport, OriginPolicy origins) {
        return WebSocketEndpoint.builder(new ChatWebSocket(chat))
                .subprotocols(ChatWebSocket.JSON, ChatWebSocket.PROTO)
                .origins(origins)
                .config(sockets(transport)
                        .withMaxMessageBytes(transport.maxWebSocketMessageBytes())
                        .withMaxQueuedBytes(transport.maxQueuedBytes()));
    }

    private static GrpcWebSocket grpcWebSocket(ServerConfig.Transport transport, OriginPolicy origins) {
        // gRPC's own limit answers with a status; what is far above it is not even read.
        var maxMessageBytes = (int) Math.min(2L * transport.maxMessageBytes(), Integer.MAX_VALUE);
        return GrpcWebSocket.builder()
                .origins(origins)
                .handshakeTimeout(transport.handshakeTimeout())
                .config(sockets(transport).withMaxMessageBytes(maxMessageBytes));
    }

    /** A socket that does not answer a Close frame must not outlast the grace period. */
    private static WebSocketConfig sockets(ServerConfig.Transport transport) {
        var patience = WebSocketConfig.DEFAULT.closeTimeout();
        var grace = transport.gracePeriod().isZero() ? Duration.ofMillis(1) : transport.gracePeriod();
        return WebSocketConfig.DEFAULT
                .withPings(transport.pingInterval(), transport.pongTimeout())
                .withCloseTimeout(grace.compareTo(patience) < 0 ? grace : patience);
    }

    private static void listen(ServerBuilder builder, ServerConfig config) throws StartException {
        var address = new InetSocketAddress(config.host(), config.port());
        if (address.isUnresolved()) {
            throw new StartException(
                    "--host: " + config.host() + " is not known (expected: an address of this machine)");
        }
        if (config.tls() instanceof ServerConfig.Tls.Off) {
            builder.http(address);
            return;
        }
        builder.https(address);
        if (config.tls() instanceof ServerConfig.Tls.Files files) {
            builder.tls(keyPair(files));
        } else {
            builder.tlsSelfSigned();
        }
    }

    private static String rootMessage(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private static StartException explain(ServerConfig config, Throwable failure) {
        if (failure instanceof IOException) {
            var reason = rootMessage(failure);
            return new StartException("--host, --port: cannot listen on " + config.host() + ":" + config.port() + ": "
                    + reason.substring(reason.lastIndexOf(": ") + 1).strip()
                    + " (expected: an address of this machine and a free port, or 0 to pick one)");
        }
        logger.error("the server could not start", failure);
        return new StartException("the server could not start: " + rootMessage(failure));
    }

    /** Where the page is. */
    URI uri() {
        var port = server.activeLocalPort();
        var scheme = config.tls() instanceof ServerConfig.Tls.Off ? "http" : "https";
        var host =
                new InetSocketAddress(config.host(), 0).getAddress().isAnyLocalAddress() ? "127.0.0.1" : config.host();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/");
    }

    /**
     * Ends streams and sockets, lets calls finish, closes connections. Returns whether that was done in time.
     */
    boolean stop() {
        var stopped = server.stop();
        var deadline = System.nanoTime()
                + config.transport().gracePeriod().plus(MARGIN).toNanos();
        try {
            // Once the last connection is closed nothing is left to finish; Armeria goes on waiting for its own
            // threads.
            while (server.numConnections() > 0 && !stopped.isDone() && System.nanoTime() < deadline) {
                await(stopped);
            }
            return server.numConnections() == 0;
        } finally {
            history.close();
        }
    }

    private static void await(CompletableFuture<Void> stopped) {
        try {
            stopped.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Not yet.
        } catch (ExecutionException e) {
            logger.error("the server did not stop cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

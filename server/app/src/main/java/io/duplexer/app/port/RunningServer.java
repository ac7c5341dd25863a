package io.duplexer.app.port;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.duplexer.bridge.websocket.FlushPerTurn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that listens on its port, whatever it serves there. */
public final class RunningServer {
    private static final Logger logger = LoggerFactory.getLogger(RunningServer.class);
    /** No new call for this long, and the server is taken to be idle when it stops. */
    private static final Duration QUIET_PERIOD = Duration.ofMillis(100);

    /** What stopping may take beyond the grace period. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private static final int POLL_MILLIS = 20;

    /** Ten times what browsers and most clients ask for; a client that wants more opens another connection. */
    private static final long MAX_STREAMS_PER_CONNECTION = 1_000;

    private static final int STREAM_WINDOW_BYTES = 256 * 1024;

    /** So that 63 streams that are not read, WebSockets or uploads, cannot hold up another on the same connection. */
    private static final int CONNECTION_WINDOW_BYTES = 64 * STREAM_WINDOW_BYTES;

    private final Server server;
    private final PortConfig config;
    private final Runnable onStopping;
    private final Runnable onStopped;

    private RunningServer(Server server, PortConfig config, Runnable onStopping, Runnable onStopped) {
        this.server = server;
        this.config = config;
        this.onStopping = onStopping;
        this.onStopped = onStopped;
    }

    /**
     * A builder for the port, on which all that is served streams: nothing is cut for its length or its duration. It has
     * {@code /metrics} already.
     *
     * @throws StartException if the address or the certificate cannot be used
     */
    public static ServerBuilder builder(PortConfig config, Metrics metrics) throws StartException {
        var builder = Server.builder();
        listen(builder, config);
        return builder
                // Streams are as long as they are. What one message or one call may take is bounded by each service.
                .requestTimeoutMillis(0)
                .maxRequestLength(0)
                .requestAutoAbortDelayMillis(0)
                .idleTimeout(config.pingInterval().multipliedBy(3))
                .pingInterval(config.pingInterval())
                .http2InitialStreamWindowSize(STREAM_WINDOW_BYTES)
                .http2InitialConnectionWindowSize(CONNECTION_WINDOW_BYTES)
                .gracefulShutdownTimeout(quietPeriod(config.gracePeriod()), config.gracePeriod())
                .http2MaxStreamsPerConnection(MAX_STREAMS_PER_CONNECTION)
                .childChannelPipelineCustomizer(FlushPerTurn::addTo)
                .meterRegistry(metrics.registry())
                .service("/metrics", metrics.exposition())
                .disableServerHeader();
    }

    /**
     * Starts a server.
     *
     * @param onStopping run once before the server begins to stop: what is served may tell its clients
     * @param onStopped run once when nothing is served any more, or if it cannot start
     * @throws StartException if the port cannot be used
     */
    public static RunningServer start(ServerBuilder builder, PortConfig config, Runnable onStopping, Runnable onStopped)
            throws StartException {
        try {
            var server = builder.build();
            server.start().join();
            return new RunningServer(server, config, onStopping, onStopped);
        } catch (CompletionException | IllegalStateException e) {
            onStopped.run();
            throw explain(config, e.getCause() == null ? e : e.getCause());
        }
    }

    private static TlsKeyPair keyPair(PortConfig.Tls.Files files) throws StartException {
        try {
            return TlsKeyPair.of(files.key().toFile(), files.certificate().toFile());
        } catch (IllegalArgumentException e) {
            throw unusable(files, e);
        }
    }

    private static StartException unusable(PortConfig.Tls.Files files, Throwable failure) {
        return new StartException("--tls-cert, --tls-key: " + files.certificate() + " and " + files.key()
                + " are no certificate and its key: " + rootMessage(failure) + " (expected: PEM, the key as PKCS#8)");
    }

    private static Duration quietPeriod(Duration gracePeriod) {
        return QUIET_PERIOD.compareTo(gracePeriod) < 0 ? QUIET_PERIOD : gracePeriod;
    }

    private static void listen(ServerBuilder builder, PortConfig config) throws StartException {
        var address = new InetSocketAddress(config.host(), config.port());
        if (address.isUnresolved()) {
            throw new StartException(
                    "--host: " + config.host() + " is not known (expected: an address of this machine)");
        }
        if (config.tls() instanceof PortConfig.Tls.Off) {
            builder.http(address);
            return;
        }
        builder.https(address);
        if (config.tls() instanceof PortConfig.Tls.Files files) {
            builder.tls(keyPair(files));
        } else {
            builder.tlsSelfSigned();
        }
    }

    /** What is at the bottom of a failure, in words. */
    public static String rootMessage(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private static StartException explain(PortConfig config, Throwable failure) {
        // That a key does not belong to its certificate shows only when both are used.
        if (failure instanceof SSLException && config.tls() instanceof PortConfig.Tls.Files files) {
            return unusable(files, failure);
        }
        if (failure instanceof IOException) {
            var reason = rootMessage(failure);
            return new StartException("--host, --port: cannot listen on " + config.host() + ":" + config.port() + ": "
                    + reason.substring(reason.lastIndexOf(": ") + 1).strip()
                    + " (expected: an address of this machine and a free port, or 0 to pick one)");
        }
        logger.error("the server could not start", failure);
        return new StartException("the server could not start: " + rootMessage(failure));
    }

    /** Where the server is. */
    public URI uri() {
        var port = server.activeLocalPort();
        var scheme = config.tls() instanceof PortConfig.Tls.Off ? "http" : "https";
        var host =
                new InetSocketAddress(config.host(), 0).getAddress().isAnyLocalAddress() ? "127.0.0.1" : config.host();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/");
    }

    /**
     * Ends streams and sockets, lets calls finish, closes connections. Returns whether that was done in time.
     */
    public boolean stop() {
        onStopping.run();
        var stopped = server.stop();
        var deadline = System.nanoTime() + config.gracePeriod().plus(MARGIN).toNanos();
        try {
            // Once the last connection is closed nothing is left to finish; Armeria goes on waiting for its own
            // threads.
            while (server.numConnections() > 0 && !stopped.isDone() && System.nanoTime() < deadline) {
                await(stopped);
            }
            return server.numConnections() == 0;
        } finally {
            onStopped.run();
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

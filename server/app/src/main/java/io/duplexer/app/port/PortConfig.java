package io.duplexer.app.port;

import io.duplexer.bridge.grpc.GrpcWebSocket;
import io.duplexer.bridge.websocket.OriginPolicy;
import io.duplexer.bridge.websocket.WebSocketConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A port and how its connections are kept, checked. The command line has the defaults and their meaning.
 *
 * @param port to listen on; 0 picks a free one
 * @param allowedOrigins besides the server's own; {@code *} stands for all
 * @param maxConnections of clients
 * @param maxMessageBytes of one gRPC message
 * @param handshakeTimeout that a gRPC call over WebSocket gets for its headers
 * @param gracePeriod that calls get to finish in when the server stops
 */
public record PortConfig(
        String host,
        int port,
        Tls tls,
        List<String> allowedOrigins,
        int maxConnections,
        int maxMessageBytes,
        Duration pingInterval,
        Duration pongTimeout,
        Duration handshakeTimeout,
        Duration gracePeriod) {
    public PortConfig {
        allowedOrigins = List.copyOf(allowedOrigins);
    }

    /** How the port is secured. */
    public sealed interface Tls {
        /** Plain text. */
        record Off() implements Tls {}

        /** A certificate made at start, that no browser trusts. */
        record SelfSigned() implements Tls {}

        /** A certificate chain and its private key, in PEM files. */
        record Files(Path certificate, Path key) implements Tls {}
    }

    /** Which pages may connect. */
    public OriginPolicy origins() {
        return OriginPolicy.sameOrigin().or(OriginPolicy.allowList(allowedOrigins.toArray(String[]::new)));
    }

    /** What WebSockets on this port have in common. One that does not answer a Close frame must not outlast the grace period. */
    public WebSocketConfig webSockets() {
        var patience = WebSocketConfig.DEFAULT.stopTimeout();
        return WebSocketConfig.DEFAULT
                .withPings(pingInterval, pongTimeout)
                .withStopTimeout(gracePeriod.compareTo(patience) < 0 ? gracePeriod : patience);
    }

    /** gRPC's own limit answers with a status; what is far above it, here, is not even read. */
    public int maxReadBytes() {
        return (int) Math.min(2L * maxMessageBytes, Integer.MAX_VALUE);
    }

    /** gRPC over WebSocket on this port. */
    public GrpcWebSocket grpcWebSockets() {
        return GrpcWebSocket.builder()
                .origins(origins())
                .handshakeTimeout(handshakeTimeout)
                .config(webSockets().withMaxMessageBytes(maxReadBytes()));
    }
}

package io.duplexer.app;

import io.duplexer.bridge.websocket.OriginPolicy;
import io.duplexer.bridge.websocket.WebSocketConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A port and how its connections are kept, checked. {@link PortOptions} has the defaults and their meaning.
 *
 * @param port to listen on; 0 picks a free one
 * @param allowedOrigins besides the server's own; {@code *} stands for all
 * @param handshakeTimeout that a gRPC call over WebSocket gets for its headers
 * @param gracePeriod that calls get to finish in when the server stops
 */
record PortConfig(
        String host,
        int port,
        Tls tls,
        List<String> allowedOrigins,
        Duration pingInterval,
        Duration pongTimeout,
        Duration handshakeTimeout,
        Duration gracePeriod) {
    PortConfig {
        allowedOrigins = List.copyOf(allowedOrigins);
    }

    /** How the port is secured. */
    sealed interface Tls {
        /** Plain text. */
        record Off() implements Tls {}

        /** A certificate made at start, that no browser trusts. */
        record SelfSigned() implements Tls {}

        /** A certificate chain and its private key, in PEM files. */
        record Files(Path certificate, Path key) implements Tls {}
    }

    /** Which pages may connect. */
    OriginPolicy origins() {
        return OriginPolicy.sameOrigin().or(OriginPolicy.allowList(allowedOrigins.toArray(String[]::new)));
    }

    /** What WebSockets on this port have in common. One that does not answer a Close frame must not outlast the grace period. */
    WebSocketConfig webSockets() {
        var patience = WebSocketConfig.DEFAULT.closeTimeout();
        var grace = gracePeriod.isZero() ? Duration.ofMillis(1) : gracePeriod;
        return WebSocketConfig.DEFAULT
                .withPings(pingInterval, pongTimeout)
                .withCloseTimeout(grace.compareTo(patience) < 0 ? grace : patience);
    }
}

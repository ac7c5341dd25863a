package io.duplexer.app;

import io.duplexer.app.chat.ChatLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * All settings of a server, checked. {@link Options} has their defaults and their meaning.
 *
 * @param port to listen on; 0 picks a free one
 * @param allowedOrigins besides the server's own; {@code *} stands for all
 * @param maxRooms that may have messages in the history
 */
record ServerConfig(
        String host,
        int port,
        Tls tls,
        List<String> allowedOrigins,
        int maxRooms,
        ChatLimits chat,
        Transport transport) {
    ServerConfig {
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

    /**
     * What all transports share.
     *
     * @param maxMessageBytes of one gRPC message
     * @param maxWebSocketMessageBytes of one message on the chat WebSocket
     * @param maxQueuedBytes that may wait for one subscriber
     * @param handshakeTimeout that a gRPC call over WebSocket gets for its headers
     * @param gracePeriod that calls get to finish in when the server stops
     */
    record Transport(
            int maxMessageBytes,
            int maxWebSocketMessageBytes,
            int maxQueuedBytes,
            Duration pingInterval,
            Duration pongTimeout,
            Duration handshakeTimeout,
            Duration gracePeriod) {}
}

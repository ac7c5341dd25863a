package io.duplexer.app.cli;

import io.duplexer.app.port.PortConfig;
import io.duplexer.bridge.websocket.OriginPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that serves on a port. Their defaults are pinned here and nowhere else. */
final class PortOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on. Default: ${DEFAULT-VALUE}")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port to listen on; 0 picks a free one and prints it. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Certificate chain in PEM; the port then speaks TLS only.")
    private @Nullable Path tlsCertificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "Private key of --tls-cert in PEM (PKCS#8, not encrypted).")
    private @Nullable Path tlsKey;

    @Option(
            names = "--tls-self-signed",
            description = "Speak TLS with a certificate made at start. For trying out: no browser trusts it.")
    private boolean tlsSelfSigned;

    @Option(
            names = "--allowed-origin",
            paramLabel = "ORIGIN",
            split = ",",
            description =
                    "A page's origin, like https://app.example, that may connect besides this server's own pages; repeatable, * for all.")
    private List<String> allowedOrigins = List.of();

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "20000",
            description =
                    "Open subscriptions, chats and WebSockets (more: RESOURCE_EXHAUSTED, close 3501); of a gateway: open connections (more: closed at once). Default: ${DEFAULT-VALUE}")
    private int maxConnections;

    @Option(
            names = "--max-message-bytes",
            paramLabel = "SIZE",
            defaultValue = "4MiB",
            converter = ByteSize.class,
            description =
                    "Largest gRPC message in either direction (larger: RESOURCE_EXHAUSTED), and message on the chat WebSocket, if under 1MiB (close 1009). Default: ${DEFAULT-VALUE}")
    private int maxMessageBytes;

    @Option(
            names = "--ping-interval",
            paramLabel = "DURATION",
            defaultValue = "25s",
            converter = ShortDuration.class,
            description = "How often an idle WebSocket or HTTP/2 connection is pinged. Default: ${DEFAULT-VALUE}")
    private Duration pingInterval = Duration.ZERO;

    @Option(
            names = "--pong-timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = ShortDuration.class,
            description =
                    "How long a WebSocket may stay silent after a ping. Longer: close 3012. Default: ${DEFAULT-VALUE}")
    private Duration pongTimeout = Duration.ZERO;

    @Option(
            names = "--handshake-timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = ShortDuration.class,
            description =
                    "How long a gRPC call over WebSocket may take to send its headers. Longer: DEADLINE_EXCEEDED. Default: ${DEFAULT-VALUE}")
    private Duration handshakeTimeout = Duration.ZERO;

    @Option(
            names = "--grace-period",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = ShortDuration.class,
            description =
                    "How long calls under way may take to finish when the server stops. Default: ${DEFAULT-VALUE}")
    private Duration gracePeriod = Duration.ZERO;

    /**
     * The settings, checked.
     *
     * @throws ParameterException if one is wrong; the text names the option
     */
    PortConfig toConfig() {
        var checks = new Checks(spec);
        checks.require("--port", port, 0, 65_535);
        checks.require("--max-connections", maxConnections, 1, 1_000_000);
        checks.require("--max-message-bytes", maxMessageBytes, 1, Integer.MAX_VALUE);
        checks.requireAtLeast("--ping-interval", pingInterval, Duration.ofSeconds(1));
        checks.requireAtLeast("--pong-timeout", pongTimeout, Duration.ofMillis(1));
        checks.requireAtLeast("--handshake-timeout", handshakeTimeout, Duration.ofMillis(1));
        checks.requireAtLeast("--grace-period", gracePeriod, Duration.ZERO);
        allowedOrigins.forEach(origin -> requireOrigin(checks, origin));
        return new PortConfig(
                host,
                port,
                tls(checks),
                allowedOrigins,
                maxConnections,
                maxMessageBytes,
                pingInterval,
                pongTimeout,
                handshakeTimeout,
                gracePeriod);
    }

    private PortConfig.Tls tls(Checks checks) {
        if (tlsSelfSigned && (tlsCertificate != null || tlsKey != null)) {
            throw checks.wrong("--tls-self-signed", "beside --tls-cert and --tls-key", "one or the other");
        }
        checks.requirePair("--tls-cert", tlsCertificate, "--tls-key", tlsKey);
        if (tlsCertificate != null && tlsKey != null) {
            return new PortConfig.Tls.Files(tlsCertificate, tlsKey);
        }
        return tlsSelfSigned ? new PortConfig.Tls.SelfSigned() : new PortConfig.Tls.Off();
    }

    private static void requireOrigin(Checks checks, String origin) {
        try {
            OriginPolicy.allowList(origin);
        } catch (IllegalArgumentException e) {
            throw checks.wrong("--allowed-origin", origin, "scheme://host[:port] or *");
        }
    }
}

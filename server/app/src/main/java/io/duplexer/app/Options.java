package io.duplexer.app;

import io.duplexer.app.chat.ChatLimits;
import io.duplexer.bridge.websocket.OriginPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Every default of the server is pinned here and nowhere else. */
@Command(
        name = "duplexer",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 100,
        abbreviateSynopsis = true,
        headerHeading = "",
        header = {"A chat that browsers, native gRPC clients and plain WebSockets share on one port.", ""},
        optionListHeading = "%n",
        footer = {
            "",
            "Each option can also be set by an environment variable of its name: DUPLEXER_PORT for --port,",
            "DUPLEXER_MAX_QUEUED_BYTES for --max-queued-bytes. The command line wins.",
            "Sizes are bytes, or take KiB and MiB (64KiB); durations take ms, s and m (25s)."
        })
final class Options {
    /** No message on the chat WebSocket needs more, whatever gRPC allows. */
    private static final int MAX_WEB_SOCKET_MESSAGE_BYTES = 1024 * 1024;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    enum HistoryKind {
        memory,
        sqlite
    }

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
            names = "--history",
            paramLabel = "KIND",
            defaultValue = "memory",
            description =
                    "Where messages are kept: memory (until the server stops) or sqlite (not in this version). Default: ${DEFAULT-VALUE}")
    private HistoryKind history = HistoryKind.memory;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Directory of durable histories; unused with --history memory. Default: ${DEFAULT-VALUE}")
    private Path data = Path.of("data");

    @Option(
            names = "--max-content-bytes",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            converter = ByteSize.class,
            description = "Longest content of a message. Longer: INVALID_ARGUMENT. Default: ${DEFAULT-VALUE}")
    private int maxContentBytes;

    @Option(
            names = "--max-message-bytes",
            paramLabel = "SIZE",
            defaultValue = "4MiB",
            converter = ByteSize.class,
            description =
                    "Largest gRPC message (RESOURCE_EXHAUSTED above), and WebSocket message if under 1MiB (close 1009). Default: ${DEFAULT-VALUE}")
    private int maxMessageBytes;

    @Option(
            names = "--publish-rate",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Messages a second that one connection may publish, on average; 0 for no limit. Default: ${DEFAULT-VALUE}")
    private int publishRate;

    @Option(
            names = "--publish-burst",
            paramLabel = "N",
            defaultValue = "200",
            description = "Messages that one connection may publish at once after a pause. Default: ${DEFAULT-VALUE}")
    private int publishBurst;

    @Option(
            names = "--max-queued-bytes",
            paramLabel = "SIZE",
            defaultValue = "1MiB",
            converter = ByteSize.class,
            description =
                    "What may wait for one subscriber before it is cut off (RESOURCE_EXHAUSTED, close 3008). Default: ${DEFAULT-VALUE}")
    private int maxQueuedBytes;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "20000",
            description =
                    "Open subscriptions, chats and WebSockets. More: RESOURCE_EXHAUSTED, close 3501. Default: ${DEFAULT-VALUE}")
    private int maxConnections;

    @Option(
            names = "--max-rooms",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "Rooms with messages, and rooms with members. More: RESOURCE_EXHAUSTED. Default: ${DEFAULT-VALUE}")
    private int maxRooms;

    @Option(
            names = "--max-subscriptions",
            paramLabel = "N",
            defaultValue = "100",
            description = "Rooms that one connection may be in. More: RESOURCE_EXHAUSTED. Default: ${DEFAULT-VALUE}")
    private int maxSubscriptions;

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
    ServerConfig toConfig() {
        require("--port", port, 0, 65_535);
        require("--max-content-bytes", maxContentBytes, 1, Integer.MAX_VALUE);
        require("--max-message-bytes", maxMessageBytes, 1, Integer.MAX_VALUE);
        require("--publish-rate", publishRate, 0, 1_000_000);
        require("--publish-burst", publishBurst, 1, 1_000_000);
        require("--max-queued-bytes", maxQueuedBytes, 1, Integer.MAX_VALUE);
        require("--max-connections", maxConnections, 1, 1_000_000);
        require("--max-rooms", maxRooms, 1, Integer.MAX_VALUE);
        require("--max-subscriptions", maxSubscriptions, 1, Integer.MAX_VALUE);
        requireAtLeast("--ping-interval", pingInterval, Duration.ofSeconds(1));
        requireAtLeast("--pong-timeout", pongTimeout, Duration.ofMillis(1));
        requireAtLeast("--handshake-timeout", handshakeTimeout, Duration.ofMillis(1));
        requireAtLeast("--grace-period", gracePeriod, Duration.ZERO);
        allowedOrigins.forEach(this::requireOrigin);
        if (history == HistoryKind.sqlite) {
            throw wrong("--history", "sqlite in " + data + ", which this version does not have yet", "memory");
        }
        return new ServerConfig(
                host,
                port,
                tls(),
                allowedOrigins,
                maxRooms,
                new ChatLimits(maxContentBytes, maxConnections, maxRooms, maxSubscriptions, publishRate, publishBurst),
                new ServerConfig.Transport(
                        maxMessageBytes,
                        Math.min(maxMessageBytes, MAX_WEB_SOCKET_MESSAGE_BYTES),
                        maxQueuedBytes,
                        pingInterval,
                        pongTimeout,
                        handshakeTimeout,
                        gracePeriod));
    }

    private ServerConfig.Tls tls() {
        if (tlsCertificate == null && tlsKey == null) {
            return tlsSelfSigned ? new ServerConfig.Tls.SelfSigned() : new ServerConfig.Tls.Off();
        }
        if (tlsSelfSigned) {
            throw wrong("--tls-self-signed", "beside --tls-cert and --tls-key", "one or the other");
        }
        if (tlsCertificate == null) {
            throw wrong("--tls-cert", "missing", "the certificate that --tls-key belongs to");
        }
        if (tlsKey == null) {
            throw wrong("--tls-key", "missing", "the private key of --tls-cert");
        }
        requireReadable("--tls-cert", tlsCertificate);
        requireReadable("--tls-key", tlsKey);
        return new ServerConfig.Tls.Files(tlsCertificate, tlsKey);
    }

    private void require(String option, int value, int minimum, int maximum) {
        if (value < minimum || value > maximum) {
            throw wrong(option, String.valueOf(value), minimum + " to " + maximum);
        }
    }

    private void requireAtLeast(String option, Duration value, Duration minimum) {
        if (value.compareTo(minimum) < 0) {
            throw wrong(option, value.toMillis() + "ms", "at least " + minimum.toMillis() + "ms");
        }
    }

    private void requireReadable(String option, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw wrong(option, file + " cannot be read", "a PEM file");
        }
    }

    private void requireOrigin(String origin) {
        try {
            OriginPolicy.allowList(origin);
        } catch (IllegalArgumentException e) {
            throw wrong("--allowed-origin", origin, "scheme://host[:port] or *");
        }
    }

    private ParameterException wrong(String option, String value, String expected) {
        return new ParameterException(
                spec.commandLine(),
                option + ": " + value + " (expected: " + expected + ")",
                spec.findOption(option),
                value);
    }
}

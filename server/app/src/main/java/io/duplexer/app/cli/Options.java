package io.duplexer.app.cli;

import io.duplexer.app.chat.ChatLimits;
import io.duplexer.app.server.ServerConfig;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. Every default of the chat server is pinned here, or in its mixins, and nowhere else. */
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
            "Sizes are bytes, or take KiB and MiB (64KiB); durations take ms, s, m, h and d (25s)."
        })
final class Options {
    /** No message on the chat WebSocket needs more, whatever gRPC allows. */
    private static final int MAX_WEB_SOCKET_MESSAGE_BYTES = 1024 * 1024;

    /** What a message has at most beside its content: its names, numbers and tags. */
    private static final int MESSAGE_OVERHEAD_BYTES = 1024;

    /** As many as a database can tell apart, those included of which it keeps only the name. */
    private static final int MAX_ROOMS = 8_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Mixin
    private final PortOptions port = new PortOptions();

    @Mixin
    private final HistoryOptions history = new HistoryOptions();

    @Option(
            names = "--max-content-bytes",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            converter = ByteSize.class,
            description = "Longest content of a message. Longer: INVALID_ARGUMENT. Default: ${DEFAULT-VALUE}")
    private int maxContentBytes;

    @Option(
            names = "--publish-rate",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Messages and events a second that one connection may send, on average; 0 for no limit. Default: ${DEFAULT-VALUE}")
    private int publishRate;

    @Option(
            names = "--publish-burst",
            paramLabel = "N",
            defaultValue = "200",
            description =
                    "Messages and events that one connection may send at once after a pause. Default: ${DEFAULT-VALUE}")
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
            names = "--max-rooms",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "Rooms with messages, and rooms with members besides the lobby. More: RESOURCE_EXHAUSTED. Default: ${DEFAULT-VALUE}")
    private int maxRooms;

    @Option(
            names = "--max-subscriptions",
            paramLabel = "N",
            defaultValue = "100",
            description = "Rooms that one connection may be in. More: RESOURCE_EXHAUSTED. Default: ${DEFAULT-VALUE}")
    private int maxSubscriptions;

    @Option(
            names = "--presence-grace",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = ShortDuration.class,
            description =
                    "How long a user whose last connection is lost may take to come back before others are told. Default: ${DEFAULT-VALUE}")
    private Duration presenceGrace = Duration.ZERO;

    /**
     * The settings, checked.
     *
     * @throws ParameterException if one is wrong; the text names the option
     */
    ServerConfig toConfig() {
        var checks = new Checks(spec);
        checks.require("--max-content-bytes", maxContentBytes, 1, Integer.MAX_VALUE);
        checks.require("--publish-rate", publishRate, 0, 1_000_000);
        checks.require("--publish-burst", publishBurst, 1, 1_000_000);
        checks.require("--max-queued-bytes", maxQueuedBytes, 1, Integer.MAX_VALUE);
        checks.require("--max-rooms", maxRooms, 1, MAX_ROOMS);
        checks.require("--max-subscriptions", maxSubscriptions, 1, Integer.MAX_VALUE);
        checks.requireAtLeast("--presence-grace", presenceGrace, Duration.ZERO);
        var portConfig = port.toConfig();
        requireRoomForContent(checks, portConfig.maxMessageBytes());
        return new ServerConfig(
                portConfig,
                history.toConfig(maxRooms),
                new ChatLimits(
                        maxContentBytes,
                        portConfig.maxConnections(),
                        maxRooms,
                        maxSubscriptions,
                        publishRate,
                        publishBurst,
                        presenceGrace),
                Math.min(portConfig.maxMessageBytes(), MAX_WEB_SOCKET_MESSAGE_BYTES),
                maxQueuedBytes);
    }

    /** A message that may be published must also go through. */
    private void requireRoomForContent(Checks checks, int maxMessageBytes) {
        var minimum = (long) maxContentBytes + MESSAGE_OVERHEAD_BYTES;
        if (maxMessageBytes < minimum) {
            throw checks.wrong(
                    "--max-message-bytes",
                    String.valueOf(maxMessageBytes),
                    "at least " + minimum + ", which is --max-content-bytes and " + MESSAGE_OVERHEAD_BYTES + " more");
        }
    }
}

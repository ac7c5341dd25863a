package io.duplexer.app.cli;

import io.duplexer.app.history.Retention;
import io.duplexer.app.server.HistoryConfig;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the history. Their defaults are pinned here and nowhere else. */
final class HistoryOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    enum Kind {
        sqlite,
        memory
    }

    @Option(
            names = "--history",
            paramLabel = "KIND",
            defaultValue = "sqlite",
            description =
                    "Where messages are kept: sqlite (durable) or memory (until the server stops, at most 256MiB). Default: ${DEFAULT-VALUE}")
    private Kind history = Kind.sqlite;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data",
            description =
                    "Directory of the durable history, made if missing; one server each. Default: ${DEFAULT-VALUE}")
    private Path data = Path.of("data");

    @Option(
            names = "--retain-messages",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Newest messages of each room that are kept. Default: ${DEFAULT-VALUE}")
    private int retainMessages;

    @Option(
            names = "--retain-age",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = ShortDuration.class,
            description = "Older messages are deleted; 0s for no limit. Default: ${DEFAULT-VALUE}")
    private Duration retainAge = Duration.ZERO;

    @Option(
            names = "--duplicate-window",
            paramLabel = "DURATION",
            defaultValue = "7d",
            converter = ShortDuration.class,
            description =
                    "How long at least a message that is sent again is known by its id. Default: ${DEFAULT-VALUE}")
    private Duration duplicateWindow = Duration.ZERO;

    /**
     * The settings, checked.
     *
     * @throws ParameterException if one is wrong; the text names the option
     */
    HistoryConfig toConfig(int maxRooms) {
        var checks = new Checks(spec);
        checks.require("--retain-messages", retainMessages, 1, Integer.MAX_VALUE);
        checks.requireAtLeast("--retain-age", retainAge, Duration.ZERO);
        checks.requireAtLeast("--duplicate-window", duplicateWindow, Duration.ofSeconds(1));
        var retention = new Retention(maxRooms, retainMessages, retainAge, duplicateWindow);
        return switch (history) {
            case memory -> new HistoryConfig.Memory(retention);
            case sqlite -> new HistoryConfig.Sqlite(data, retention);
        };
    }
}

package io.duplexer.bench;

import io.duplexer.bench.report.Machine;
import io.duplexer.bench.suite.Bytes;
import io.duplexer.bench.suite.ChatFanOut;
import io.duplexer.bench.suite.Echo;
import io.duplexer.bench.suite.FanOut;
import io.duplexer.bench.suite.Grpc;
import io.duplexer.bench.suite.Idle;
import io.duplexer.bench.suite.Publish;
import io.duplexer.bench.suite.Settings;
import io.duplexer.bench.suite.Storm;
import io.duplexer.bench.suite.Suite;
import io.duplexer.bench.suite.Through;
import io.duplexer.bench.suite.UnknownNameException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs suites and prints their tables. */
@Command(name = "run", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class Bench implements Callable<Integer> {
    /** The names of the suites on the command line. */
    private enum Name {
        ECHO,
        FANOUT,
        CHAT_FANOUT,
        PUBLISH,
        STORM,
        BYTES,
        IDLE,
        GRPC_UNARY,
        GRPC_STREAM,
        GATEWAY;

        Suite suite() {
            return switch (this) {
                case ECHO -> new Echo();
                case FANOUT -> new FanOut();
                case CHAT_FANOUT -> new ChatFanOut();
                case PUBLISH -> new Publish();
                case STORM -> new Storm();
                case BYTES -> new Bytes();
                case IDLE -> new Idle();
                case GRPC_UNARY -> new Grpc(false);
                case GRPC_STREAM -> new Grpc(true);
                case GATEWAY -> new Through();
            };
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec command;

    @Parameters(description = "What to measure: ${COMPLETION-CANDIDATES}; all if none is named.", arity = "0..*")
    private List<Name> suites = List.of(Name.values());

    @Option(names = "--rounds", description = "Turns of each server.", defaultValue = "3")
    private int rounds;

    @Option(names = "--seconds", description = "Length of a turn.", defaultValue = "4")
    private int seconds;

    @Option(names = "--warm-up", description = "Seconds that each server is loaded for at first.", defaultValue = "12")
    private int warmUp;

    @Option(names = "--server-cpu", description = "The processor that servers are pinned to.", defaultValue = "0")
    private int serverProcessor;

    @Option(names = "--only", description = "A server that takes part, by its name in the tables; may be repeated.")
    private List<String> only = List.of();

    @Option(names = "--case", description = "What is measured, by its name in the tables; may be repeated.")
    private List<String> cases = List.of();

    @Option(names = "--java-flag", description = "A flag for the servers in Java, of a profiler say; may be repeated.")
    private List<String> javaFlags = List.of();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() {
        Settings settings = new Settings(
                rounds,
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(warmUp),
                serverProcessor,
                only,
                cases,
                javaFlags);
        System.out.println(Machine.describe());
        for (Name name : suites) {
            System.out.printf("%n%s%n%n%s", name, run(name.suite(), settings));
        }
        return 0;
    }

    private String run(Suite suite, Settings settings) {
        try {
            return suite.run(settings);
        } catch (UnknownNameException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }
}

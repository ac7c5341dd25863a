package io.duplexer.app.cli;

import io.duplexer.app.gateway.GatewayServer;
import io.duplexer.app.port.RunningServer;
import io.duplexer.app.port.StartException;
import io.duplexer.app.server.DuplexerServer;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Starts what the command line asks for. Exit codes: 0 after Ctrl-C or SIGTERM, 2 if it cannot start as asked, 1 if it cannot stop in time.
 */
public final class Launcher {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private Launcher() {}

    /** Returns after start, with 0, or after a failure to start; the server goes on on its own threads. */
    public static int run(String[] args, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        setUpLibraries();
        var chat = new Options();
        var gateway = new GatewayOptions();
        try {
            var parsed = commandLine(chat, gateway, environment)
                    .setOut(out)
                    .setErr(err)
                    .parseArgs(args);
            var helpExitCode = CommandLine.executeHelpRequest(parsed);
            if (helpExitCode != null) {
                return helpExitCode;
            }
            announce(
                    parsed.hasSubcommand() ? startGateway(parsed, gateway) : DuplexerServer.start(chat.toConfig()),
                    out);
            return OK;
        } catch (ParameterException e) {
            err.println("duplexer: " + describe(e, args, environment) + ". Try --help.");
        } catch (StartException e) {
            err.println("duplexer: " + e.getMessage());
        }
        err.flush();
        return WRONG_USAGE;
    }

    static CommandLine commandLine(Options chat, GatewayOptions gateway, Map<String, String> environment) {
        return new CommandLine(chat)
                .addSubcommand(gateway)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(new EnvironmentDefaults(environment));
    }

    /** What libraries take as properties of the process only. */
    private static void setUpLibraries() {
        // Armeria looks for a native Brotli, which would unpack itself into the temporary directory at each start.
        System.setProperty("brotli4j.library.path", "none");
        // Netty would note for one buffer of 128 where it was made and used, which is a twentieth of all that a gateway
        // does.
        System.getProperties().putIfAbsent("io.netty.leakDetection.level", "disabled");
        // Armeria would have two event loops a processor. Nothing blocks one here, and two take turns of milliseconds.
        System.getProperties()
                .putIfAbsent(
                        "com.linecorp.armeria.numCommonWorkers",
                        String.valueOf(Runtime.getRuntime().availableProcessors()));
    }

    private static RunningServer startGateway(ParseResult parsed, GatewayOptions gateway) throws StartException {
        for (var option : parsed.matchedOptions()) {
            throw new ParameterException(
                    parsed.commandSpec().commandLine(),
                    option.longestName() + ": before the command (expected: duplexer gateway and its options)",
                    option,
                    null);
        }
        return GatewayServer.start(gateway.toConfig());
    }

    private static void announce(RunningServer server, PrintWriter out) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        // Without halt the exit code would be that of the signal.
                        () -> Runtime.getRuntime().halt(server.stop() ? OK : FAILED), "shutdown"));
        out.println("Duplexer " + Version.text() + " is ready: open " + server.uri() + " (Ctrl-C stops it)");
        out.flush();
    }

    private static String describe(ParameterException e, String[] args, Map<String, String> environment) {
        var text = String.valueOf(e.getMessage());
        if (e.getArgSpec() instanceof CommandLine.Model.OptionSpec option
                && Arrays.stream(args)
                        .noneMatch(
                                arg -> arg.equals(option.longestName()) || arg.startsWith(option.longestName() + "="))
                && environment.containsKey(EnvironmentDefaults.variable(option))) {
            return text + " in the environment's " + EnvironmentDefaults.variable(option);
        }
        return text;
    }
}

package io.duplexer.app;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Starts the server. Exit codes: 0 after Ctrl-C or SIGTERM, 2 if it cannot start as asked, 1 if it cannot stop in time.
 */
public final class Main {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        var exitCode = run(args, System.getenv());
        if (exitCode != OK) {
            System.exit(exitCode);
        }
    }

    /** Returns after start, with 0, or after a failure to start; the server goes on on its own threads. */
    private static int run(String[] args, Map<String, String> environment) {
        var options = new Options();
        var commandLine = new CommandLine(options)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(new EnvironmentDefaults(environment));
        var err = commandLine.getErr();
        try {
            var parsed = commandLine.parseArgs(args);
            var helpExitCode = CommandLine.executeHelpRequest(parsed);
            if (helpExitCode != null) {
                return helpExitCode;
            }
            start(options.toConfig(), commandLine.getOut());
            return OK;
        } catch (ParameterException e) {
            err.println("duplexer: " + describe(e, environment) + ". Try --help.");
        } catch (StartException e) {
            err.println("duplexer: " + e.getMessage());
        }
        err.flush();
        return WRONG_USAGE;
    }

    private static void start(ServerConfig config, PrintWriter out) throws StartException {
        var server = DuplexerServer.start(config);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        // Without halt the exit code would be that of the signal.
                        () -> Runtime.getRuntime().halt(server.stop() ? OK : FAILED), "shutdown"));
        out.println("Duplexer " + Version.text() + " is ready: open " + server.uri() + " (Ctrl-C stops it)");
        out.flush();
    }

    private static String describe(ParameterException e, Map<String, String> environment) {
        var text = String.valueOf(e.getMessage());
        ParseResult parsed = e.getCommandLine().getParseResult();
        if (e.getArgSpec() instanceof CommandLine.Model.OptionSpec option
                && (parsed == null || !parsed.hasMatchedOption(option))
                && environment.containsKey(EnvironmentDefaults.variable(option))) {
            return text + " in the environment's " + EnvironmentDefaults.variable(option);
        }
        return text;
    }
}

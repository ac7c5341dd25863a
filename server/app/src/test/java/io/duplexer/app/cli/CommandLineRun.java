package io.duplexer.app.cli;

import io.duplexer.app.gateway.GatewayConfig;
import io.duplexer.app.server.ServerConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The command line with words and an environment of the test's own: either its settings or what the user reads. */
record CommandLineRun(int exitCode, String out, String err) {
    private static String[] words(String line) {
        return line.isEmpty() ? new String[0] : line.split(" ", -1);
    }

    /** From {@code PORT=1 HOST=x}, without the prefix of the names. */
    static Map<String, String> environment(String line) {
        return Arrays.stream(words(line))
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> "DUPLEXER_" + pair[0], pair -> pair[1]));
    }

    /** Starts a server as {@link Launcher} does; for what does not come that far. */
    static CommandLineRun of(String line, Map<String, String> environment) {
        var out = new StringWriter();
        var err = new StringWriter();
        var exitCode = Launcher.run(words(line), environment, new PrintWriter(out), new PrintWriter(err));
        return new CommandLineRun(exitCode, out.toString(), err.toString());
    }

    static CommandLineRun of(String line) {
        return of(line, Map.of());
    }

    static ServerConfig config(String line, Map<String, String> environment) {
        var options = new Options();
        Launcher.commandLine(options, new GatewayOptions(), environment).parseArgs(words(line));
        return options.toConfig();
    }

    /** Of the gateway, with what follows its name. */
    static GatewayConfig gatewayConfig(String line, Map<String, String> environment) {
        var options = new GatewayOptions();
        Launcher.commandLine(new Options(), options, environment).parseArgs(words(("gateway " + line).strip()));
        return options.toConfig();
    }

    static ServerConfig config(String line) {
        return config(line, Map.of());
    }
}

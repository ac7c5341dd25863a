package io.duplexer.app;

import io.duplexer.app.cli.Launcher;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** What {@code java -jar duplexer.jar} runs. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        var exitCode = Launcher.run(args, System.getenv(), writer(System.out), writer(System.err));
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, Charset.defaultCharset());
    }
}

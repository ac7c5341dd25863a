package io.duplexer.e2e.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A program that runs beside the tests. Its output is read all the time, by a thread for each of the two streams. */
final class ChildProcess {
    private final Process process;
    private final Inbox<String> stdout = new Inbox<>();
    private final Inbox<String> stderr = new Inbox<>();
    private final List<Thread> readers;

    /**
     * Starts a program.
     *
     * @param onLine is told each line of standard output, and that there are no more
     */
    ChildProcess(ProcessBuilder builder, Consumer<String> onLine, Runnable onEnd) {
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        readers = List.of(
                read(process.getInputStream(), stdout, onLine, onEnd),
                read(process.getErrorStream(), stderr, line -> {}, () -> {}));
    }

    private static Thread read(InputStream stream, Inbox<String> into, Consumer<String> onLine, Runnable onEnd) {
        var thread = new Thread(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                lines.lines().forEach(line -> {
                    into.add(line);
                    onLine.accept(line);
                });
            } catch (IOException | UncheckedIOException e) {
                into.add("(the output broke off: " + e.getMessage() + ")");
            } finally {
                onEnd.run();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    Process process() {
        return process;
    }

    String stdout() {
        return String.join("\n", stdout.all());
    }

    String stderr() {
        return String.join("\n", stderr.all());
    }

    /** Everything it has said, for the message of a failure. */
    String output() {
        return process.info().command().orElse("a program") + "\n--- stdout\n" + stdout() + "\n--- stderr\n" + stderr();
    }

    /** Waits for its end, which must come by itself, and for the last of its output. Returns the exit code. */
    int awaitExit() {
        try {
            if (!process.waitFor(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running: " + output());
            }
            for (var reader : readers) {
                reader.join(Patience.LIMIT.toMillis());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends it at once, by SIGKILL. Idempotent. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }
}

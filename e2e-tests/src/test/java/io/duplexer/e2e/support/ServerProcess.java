package io.duplexer.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * The server as its users run it: the jar, in a process of its own. The system property {@code duplexer.jar} says where
 * the jar is.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Duplexer \\S+ is ready: open (\\S+) .*");

    private final ChildProcess child;
    private final URI uri;
    /** How much of its log has been looked at for errors. */
    private int checkedChars;

    private ServerProcess(ChildProcess child, URI uri) {
        this.child = child;
        this.uri = uri;
    }

    /** How a server ended that was not meant to run. */
    public record Exit(int code, String stdout, String stderr) {}

    /** Starts a server and waits until it is ready. Without {@code --port} among the flags it picks a free port. */
    public static ServerProcess start(String... flags) {
        return start(Map.of(), flags);
    }

    /** {@link #start(String...)} with more environment variables. */
    public static ServerProcess start(Map<String, String> environment, String... flags) {
        var ready = new CompletableFuture<URI>();
        var allFlags = new ArrayList<>(List.of(flags));
        if (!allFlags.contains("--port") && !environment.containsKey("DUPLEXER_PORT")) {
            allFlags.addAll(List.of("--port", "0"));
        }
        var child = new ChildProcess(
                java(environment, allFlags),
                line -> {
                    var match = READY.matcher(line);
                    if (match.matches()) {
                        ready.complete(URI.create(match.group(1)));
                    }
                },
                () -> ready.completeExceptionally(new IllegalStateException("it ended before it was ready")));
        try {
            return new ServerProcess(child, Patience.await(ready));
        } catch (AssertionError | RuntimeException e) {
            child.kill();
            throw new AssertionError("the server did not start: " + child.output(), e);
        }
    }

    /** Runs the jar with flags that make it end by itself, and waits for that. */
    public static Exit run(Map<String, String> environment, String... flags) {
        var child = new ChildProcess(java(environment, List.of(flags)), line -> {}, () -> {});
        try {
            return new Exit(child.awaitExit(), child.stdout(), child.stderr());
        } finally {
            child.kill();
        }
    }

    private static ProcessBuilder java(Map<String, String> environment, List<String> flags) {
        var jar = Path.of(System.getProperty("duplexer.jar", "../server/app/target/duplexer.jar"));
        assertThat(jar).as("the system property duplexer.jar").isRegularFile();
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // A small heap that starts fast. Small stacks: recursion whose depth a client chooses overflows them. A buffer
        // that is dropped without a release shows as LEAK in the log.
        command.addAll(List.of("-Xmx256m", "-Xss320k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-Dio.netty.leakDetection.level=advanced", "-jar", jar.toString()));
        command.addAll(flags);
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("DUPLEXER_") || name.startsWith("JAVA_TOOL_"));
        // A history of its own, unless the flags say otherwise.
        builder.environment().put("DUPLEXER_DATA", Scratch.directory().toString());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Where the page is, e.g. {@code http://127.0.0.1:40123/}. */
    public URI uri() {
        return uri;
    }

    /** {@link #uri} with another scheme, e.g. {@code ws}, and the given path. */
    public URI uri(String scheme, String path) {
        return URI.create(scheme + "://" + uri.getAuthority()).resolve(path);
    }

    public int port() {
        return uri.getPort();
    }

    public long pid() {
        return child.process().pid();
    }

    public boolean isAlive() {
        return child.process().isAlive();
    }

    /** What it has written to standard output so far. */
    public String stdout() {
        return child.stdout();
    }

    /** What it has written to standard error so far. */
    public String stderr() {
        return child.stderr();
    }

    /** Sends SIGTERM, as Ctrl-C and service managers do, and does not wait. */
    public void terminate() {
        child.process().destroy();
    }

    /** Waits for the end that {@link #terminate} asked for; it must be in order, and the log without errors. */
    public void awaitStop() {
        assertThat(child.awaitExit()).as(child::output).isZero();
        assertNoErrors();
    }

    /** Waits for its end, whatever it has logged, and returns the exit code. */
    public int awaitExit() {
        return child.awaitExit();
    }

    /** Stops it in order: SIGTERM, exit code 0, a log without errors. */
    public void stop() {
        terminate();
        awaitStop();
    }

    /** Ends it at once by SIGKILL, as a crash would. Idempotent. */
    public void kill() {
        child.kill();
    }

    /** Fails if the server has logged an error or a leaked buffer since the last time this was asked. */
    public synchronized void assertNoErrors() {
        var log = stderr();
        var news = log.substring(checkedChars);
        checkedChars = log.length();
        assertThat(Arrays.asList(news.split("\n", -1)))
                .as("log lines of the server")
                .noneMatch(line -> line.contains(" ERROR ") || line.contains("LEAK: ") || line.startsWith("Exception"));
    }

    /** {@link #kill}. */
    @Override
    public void close() {
        kill();
    }
}

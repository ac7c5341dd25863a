package io.duplexer.e2e.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A program that takes part in a test: one in Node, from {@code src/test/node/}, or a main class of the tests. It prints one
 * JSON value a line, and may read lines from its standard input.
 */
public final class Program implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChildProcess child;
    private final Inbox<JsonNode> lines;

    private Program(ChildProcess child, Inbox<JsonNode> lines) {
        this.child = child;
        this.lines = lines;
    }

    /** Starts {@code program} in Node, a file name such as {@code article-grpc.cjs}. */
    public static Program node(String program, String... arguments) {
        return node(Path.of(System.getProperty("node.programs", "src/test/node")), program, arguments);
    }

    /** Starts {@code program} in Node, in {@code directory}. */
    static Program node(Path directory, String program, String... arguments) {
        return start(new ProcessBuilder().directory(directory.toFile()), List.of("node", program), arguments);
    }

    /** Starts a main class, which sees what the tests see. */
    public static Program java(Class<?> main, String... arguments) {
        return start(
                new ProcessBuilder(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()),
                arguments);
    }

    private static Program start(ProcessBuilder builder, List<String> program, String... arguments) {
        var command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        var lines = new Inbox<JsonNode>();
        var child = new ChildProcess(builder.command(command), line -> lines.add(parse(line)), () -> {});
        return new Program(child, lines);
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode().put("notJson", line);
        }
    }

    /** The next line that it prints. */
    public JsonNode next() {
        return explained(lines::take);
    }

    /** The next line that matches; those before it are skipped. */
    public JsonNode next(Predicate<? super JsonNode> which) {
        return explained(() -> lines.take(which));
    }

    /** Sends it a line. */
    public void send(String line) {
        try {
            var stdin = child.process().getOutputStream();
            stdin.write((line + "\n").getBytes(UTF_8));
            stdin.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(child.output(), e);
        }
    }

    /** Waits for its end, with exit code 0, and returns all that it printed. */
    public List<JsonNode> finish() {
        assertThat(child.awaitExit()).as(child::output).isZero();
        return lines.all();
    }

    /** Ends it at once. Idempotent. */
    @Override
    public void close() {
        child.kill();
    }

    private JsonNode explained(Supplier<JsonNode> wait) {
        try {
            return wait.get();
        } catch (AssertionError e) {
            throw new AssertionError(child.output(), e);
        }
    }
}

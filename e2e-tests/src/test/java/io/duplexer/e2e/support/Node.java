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
 * A program in Node, from {@code src/test/node/}. It prints one JSON value a line, and may read lines from its standard
 * input.
 */
public final class Node implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChildProcess child;
    private final Inbox<JsonNode> lines;

    private Node(ChildProcess child, Inbox<JsonNode> lines) {
        this.child = child;
        this.lines = lines;
    }

    /** Starts {@code program}, a file name such as {@code article-grpc.cjs}. */
    public static Node start(String program, String... arguments) {
        return start(Path.of(System.getProperty("node.programs", "src/test/node")), program, arguments);
    }

    /** Starts {@code program} in {@code directory}. */
    static Node start(Path directory, String program, String... arguments) {
        var command = new ArrayList<>(List.of("node", program));
        command.addAll(List.of(arguments));
        var lines = new Inbox<JsonNode>();
        var child = new ChildProcess(
                new ProcessBuilder(command).directory(directory.toFile()), line -> lines.add(parse(line)), () -> {});
        return new Node(child, lines);
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

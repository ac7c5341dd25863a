package io.duplexer.e2e.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;

/** Where scripts run that use one of the clients in {@code src/test/javascript}: Node, or a page in a browser. */
public abstract class ScriptHost implements AutoCloseable {
    protected static final ObjectMapper JSON = new ObjectMapper();

    /** Goes to a page of this server, if this is a browser: scripts then are of its origin. */
    public abstract void visit(URI server);

    /**
     * Runs the body of an async function, which sees the exports of the client as {@code client} and the arguments as
     * {@code args}.
     *
     * @return what it returns, as JSON
     * @throws AssertionError if it throws, or does not end in time
     */
    public abstract JsonNode run(String script, Object... args);

    @Override
    public abstract void close();

    /** What the bundler made of {@code client}, for {@code platform}. */
    protected static Path bundle(String platform, String client) {
        return Path.of(System.getProperty("javascript.bundles", "target/javascript"), platform)
                .toAbsolutePath()
                .resolve(client);
    }

    /** The value of a script's {@code {value}}; fails with its {@code {error}}. */
    protected static JsonNode value(JsonNode result, String script) {
        if (!result.has("value")) {
            throw new AssertionError(result.path("error").asText(result.toString()) + "\n--- script\n" + script);
        }
        return result.path("value");
    }

    protected static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(json, e);
        }
    }
}

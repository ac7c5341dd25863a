package io.duplexer.e2e.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Scripts in Node, whose WebSocket is that of the package {@code ws}. */
public final class NodeScripts extends ScriptHost {
    private final Program node;

    /** Starts Node with {@code client}, such as {@code nice}. */
    public NodeScripts(String client) {
        var programs = Path.of(System.getProperty("javascript", "src/test/javascript"));
        node = Program.node(
                programs, "run-scripts.mjs", bundle("node", client + ".cjs").toString());
    }

    @Override
    public void visit(URI server) {
        // There are no origins in Node.
    }

    @Override
    public JsonNode run(String script, Object... args) {
        try {
            node.send(JSON.writeValueAsString(Map.of("script", script, "args", List.of(args))));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        return value(node.next(), script);
    }

    @Override
    public void close() {
        node.close();
    }
}

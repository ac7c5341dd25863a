package io.duplexer.e2e.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message.EventCase;
import io.duplexer.e2e.browser.ScriptPage;
import io.duplexer.e2e.client.DuplexClient;
import io.duplexer.e2e.client.GrpcChatLink;
import io.duplexer.e2e.support.BridgeServer;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.NodeScripts;
import io.duplexer.e2e.support.ScriptHost;
import io.duplexer.e2e.support.ServerProcess;
import io.duplexer.e2e.support.SharedServer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The two libraries whose protocol this is, {@code @improbable-eng/grpc-web} and {@code nice-grpc-web}, unchanged. */
@ParameterizedClass
@CsvSource({"improbable, Node", "improbable, Chromium", "nice, Node", "nice, Chromium"})
class GrpcWebSocketLibrariesTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static ScriptHost scripts;

    @Parameter(0)
    String library = "";

    @Parameter(1)
    String platform = "";

    private String room = "";

    @BeforeParameterizedClassInvocation
    static void start(String library, String platform) {
        scripts = platform.equals("Node") ? new NodeScripts(library) : new ScriptPage(library);
    }

    /** Whom the libraries talk to. */
    ServerProcess entrance() {
        return server.process();
    }

    BridgeServer newBridge() {
        return new BridgeServer();
    }

    @BeforeEach
    void visit() {
        room = Names.room();
        scripts.visit(entrance().uri());
    }

    @AfterParameterizedClassInvocation
    static void quit() {
        scripts.close();
    }

    /** With {@code chat} for the service and {@code open} for a call of one of its methods. */
    private JsonNode run(String script) {
        return run(entrance().uri().resolve("/").toString(), script);
    }

    private JsonNode run(String uri, String script) {
        return scripts.run("""
                const [uri, room] = args;
                const chat = client.ChatService.method;
                const open = (method, metadata) => client.open(uri.slice(0, -1), method, metadata);
                """ + script, uri, room);
    }

    private static List<String> contents(JsonNode messages) {
        return messages.findValuesAsText("content");
    }

    @Test
    void unaryCallsAreAnswered() {
        var result = run("""
                const call = open(chat.sendMessage);
                call.send({ userId: 'ann', room, id: 'mine', content: 'hello' });
                call.halfClose();
                return call.rest();
                """);

        assertThat(result.path("code").asInt()).isZero();
        assertThat(result.path("headers").path("content-type").path(0).asText())
                .isEqualTo("application/grpc-web+proto");
        assertThat(result.path("messages")).hasSize(1);
        assertThat(result.path("messages").path(0).path("message_id").asText()).isEqualTo("mine");
    }

    @Test
    void serverStreamsArriveMessageByMessage() {
        var received = run("""
                const stream = open(chat.subscribeToMessages);
                stream.send({ userId: 'ann', room, join: {} });
                stream.halfClose();
                const received = [await stream.next(), await stream.next()];
                // The next one is sent only after the one before has come: nothing here may be buffered.
                for (const content of ['one', 'two', 'three']) {
                  const call = open(chat.sendMessage);
                  call.send({ userId: 'bob', room, content });
                  call.halfClose();
                  received.push(await stream.next());
                  await call.rest();
                }
                stream.cancel();
                return received;
                """);

        assertThat(received.path(0).has("headers")).isTrue();
        assertThat(received.path(1).path("message").has("recovered")).isTrue();
        assertThat(contents(received)).containsExactly("one", "two", "three");
    }

    @Test
    void clientStreamsAreSummedUp() {
        var result = run("""
                const call = open(chat.uploadMessages);
                for (let i = 0; i < 50; i++) {
                  call.send({ userId: 'ann', room, content: 'number ' + i });
                }
                call.halfClose();
                return call.rest();
                """);

        assertThat(result.path("code").asInt()).isZero();
        assertThat(result.path("messages").path(0).path("received").asInt()).isEqualTo(50);
        assertThat(result.path("messages").path(0).path("stored").asInt()).isEqualTo(50);
    }

    @Test
    void bidirectionalStreamsGoBothWaysAtOnce() {
        var result = run("""
                const call = open(chat.chat);
                call.send({ userId: 'ann', room, event: { case: 'join', value: {} } });
                const received = [await call.next(), await call.next()];
                for (const content of ['one', 'two', 'three']) {
                  call.send({ userId: 'ann', room, content });
                  received.push(await call.next());
                }
                call.halfClose();
                return { received, rest: await call.rest() };
                """);

        assertThat(contents(result.path("received"))).containsExactly("one", "two", "three");
        assertThat(result.path("rest").path("code").asInt()).isZero();
    }

    @Test
    void refusalsArriveAsStatusWithTheFieldsName() {
        var result = run("""
                const call = open(chat.sendMessage);
                call.send({ userId: 'ann', room, content: '' });
                call.halfClose();
                return call.rest();
                """);

        assertThat(result.path("code").asInt()).isEqualTo(3);
        assertThat(result.path("text").asText()).startsWith("content: empty");
    }

    @Test
    void aMethodThatIsNotThereIsUnimplemented() {
        var result = run("""
                const missing = { ...chat.sendMessage, name: 'NoSuchMethod', parent: chat.sendMessage.parent };
                const call = open(missing);
                call.send({ userId: 'ann' });
                call.halfClose();
                return call.rest();
                """);

        assertThat(result.path("code").asInt()).isEqualTo(12);
    }

    @Test
    void aCancelledCallIsOverAtTheServer() {
        var bob = new DuplexClient(GrpcChatLink.to(server.port()));
        try {
            var feed = bob.join("bob", room, Join.getDefaultInstance());
            feed.recovered();
            run("""
                    const call = open(chat.chat);
                    call.send({ userId: 'ann', room, event: { case: 'join', value: {} } });
                    await call.next();
                    await call.next();
                    call.cancel();
                    """);

            assertThat(feed.event(EventCase.LEFT, "ann").getRoom()).isEqualTo(room);
        } finally {
            bob.close();
        }
    }

    @Test
    void metadataGoesThereAndComesBackAsHeadersAndTrailers() {
        try (var bridge = newBridge()) {
            scripts.visit(bridge.uri());
            var result = run(bridge.uri().toString(), """
                    const call = open(chat.sendMessage, { 'x-echo-text': 'some text', 'x-echo-bytes-bin': 'AP8KDQ==' });
                    call.send({ content: 'hello' });
                    call.halfClose();
                    return call.rest();
                    """);

            assertThat(result.path("code").asInt()).isZero();
            assertThat(result.path("headers").path("x-echo-text").path(0).asText())
                    .isEqualTo("some text");
            assertThat(result.path("headers").path("x-echo-bytes-bin").path(0).asText())
                    .startsWith("AP8KDQ");
            assertThat(result.path("trailers").path("x-trailer-text").path(0).asText())
                    .isEqualTo("some text");
            assertThat(result.path("trailers")
                            .path("x-trailer-bytes-bin")
                            .path(0)
                            .asText())
                    .startsWith("AP8KDQ");
        }
    }
}

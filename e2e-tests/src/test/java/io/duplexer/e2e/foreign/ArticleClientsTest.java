package io.duplexer.e2e.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.duplexer.e2e.support.Program;
import io.duplexer.e2e.support.SharedServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The clients of the article that started the project, in its own language, unchanged. */
class ArticleClientsTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    @Test
    void theArticlesProtoFileWorksWithGrpcJsInAllThreeMethods() {
        try (var node = Program.node("article-grpc.cjs", "127.0.0.1:" + server.port())) {
            var calls = node.finish();

            assertThat(calls)
                    .extracting(line -> line.path("call").asText())
                    .containsExactly("SendMessage", "Chat", "SubscribeToMessages", "refused");
            assertThat(calls.get(0).path("response").path("success").asBoolean())
                    .isTrue();
            assertThat(calls.get(0).path("response").path("message_id").asText())
                    .isEqualTo("s1");
            assertBothMessages(calls.get(1), 0);
            assertBothMessages(calls.get(2), 1);
            assertThat(calls.get(3).path("code").asInt()).isEqualTo(3);
            assertThat(calls.get(3).path("details").asText()).startsWith("user_id: empty");
        }
    }

    private static void assertBothMessages(JsonNode call, int code) {
        assertThat(call.path("code").asInt()).isEqualTo(code);
        assertThat(call.path("messages"))
                .extracting(message -> List.of(
                        message.path("id").asText(),
                        message.path("user_id").asText(),
                        message.path("content").asText()))
                .containsExactly(
                        List.of("c1", "chatter", "Hello over bidi!"), List.of("s1", "sender", "Hello over unary!"));
        assertThat(call.path("messages"))
                .allSatisfy(message ->
                        assertThat(message.path("timestamp").asLong()).isGreaterThan(1_700_000_000_000L));
    }

    @Test
    void theArticlesWebSocketClientReceivesItsOwnMessageBack() {
        var uri = "ws://localhost:" + server.port();
        try (var node = Program.node("article-websocket.cjs", uri)) {
            assertThat(node.next().get(0).asText()).isEqualTo("Connected to server");
            var received = node.next();
            assertThat(received.get(0).asText()).isEqualTo("Received:");
            var message = received.get(1);
            assertThat(message.path("user_id").asText()).isEqualTo("client1");
            assertThat(message.path("content").asText()).isEqualTo("Hello server!");
            assertThat(message.path("id").asText()).isNotEmpty();
            assertThat(message.path("timestamp").isIntegralNumber()).isTrue();

            node.send("close");
            assertThat(node.next().get(0).asText()).isEqualTo("Disconnected from server");
            node.finish();
        }
    }

    @Test
    void twoOfTheArticlesClientsSeeEachOther() {
        var uri = "ws://localhost:" + server.port();
        try (var first = Program.node("article-websocket.cjs", uri)) {
            var own = first.next(line -> line.path(1).path("content").asText().equals("Hello server!"));
            try (var second = Program.node("article-websocket.cjs", uri)) {
                var others =
                        first.next(line -> line.path(1).path("content").asText().equals("Hello server!"));
                var theirs = second.next(
                        line -> line.path(1).path("content").asText().equals("Hello server!"));

                assertThat(others.path(1)).isEqualTo(theirs.path(1)).isNotEqualTo(own.path(1));
            }
        }
    }
}

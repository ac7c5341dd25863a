package io.duplexer.e2e.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.duplexer.chat.v1.Join;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Program;
import io.duplexer.e2e.support.ServerProcess;
import io.duplexer.e2e.support.SharedGateway;
import io.duplexer.e2e.support.SharedServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the gateway tells of services that it has no proto files of. */
final class GatewayDocumentationTest {
    @RegisterExtension
    static final SharedServer upstream = SharedServer.with();

    @RegisterExtension
    static final SharedGateway gateway = SharedGateway.before(upstream);

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> get(ServerProcess server, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.uri("http", path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everyServiceMethodAndFieldThatReflectionTellsIsThere() throws Exception {
        var specification = new ObjectMapper()
                .readTree(get(gateway.process(), "/docs/specification.json").body());

        assertThat(specification.path("services").findValuesAsText("name"))
                .contains("duplexer.chat.v1.ChatService", "SendMessage", "Chat", "grpc.health.v1.Health");
        assertThat(specification.path("structs").findValuesAsText("name"))
                .contains("duplexer.chat.v1.Message", "user_id");
        assertThat(get(gateway.process(), "/docs/").body()).contains("<!doctype html>");
    }

    /** As a form does it. */
    private HttpResponse<String> sendMessage(ServerProcess server) throws Exception {
        var call = HttpRequest.newBuilder(server.uri("http", "/duplexer.chat.v1.ChatService/SendMessage"))
                .header("content-type", "application/json; charset=utf-8; protocol=gRPC")
                .POST(HttpRequest.BodyPublishers.ofString("{\"user_id\": \"ann\", \"content\": \"from a form\"}"))
                .build();
        return http.send(call, HttpResponse.BodyHandlers.ofString());
    }

    private void assertSendsMessages(ServerProcess server) throws Exception {
        var answer = sendMessage(server);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(new ObjectMapper().readTree(answer.body()).path("success").asBoolean())
                .isTrue();
    }

    @Test
    void itsFormsMakeRealCalls() throws Exception {
        assertSendsMessages(gateway.process());
    }

    @Test
    void aServerOnGrpcJavaIsDocumentedAndCalledLikeAnyOther() throws Exception {
        try (var service = Program.java(ArticleServer.class, "1000");
                var server = ServerProcess.start(
                        "gateway",
                        "--upstream",
                        "127.0.0.1:" + service.next().get("port").asInt())) {
            assertThat(get(server, "/docs/specification.json").body()).contains("SubscribeToMessages");
            assertSendsMessages(server);
        }
    }

    @Test
    void theCallsOfFormsCountAsCalls() throws Exception {
        try (var limited = ServerProcess.start(
                        "gateway", "--max-calls", "1", "--upstream", "127.0.0.1:" + upstream.port());
                var client = new GrpcCalls(limited.port())) {
            var feed = client.join("ann", Names.room(), Join.getDefaultInstance());
            feed.recovered();

            var refused = sendMessage(limited);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.body()).contains("calls: too many at once (expected: at most 1; try again)");

            feed.leave();
            await().untilAsserted(() -> assertSendsMessages(limited));
        }
    }

    @Test
    void anUpstreamWithoutReflectionIsSaidToHaveNone() throws Exception {
        try (var service = Program.node("article-server.cjs");
                var server = ServerProcess.start(
                        "gateway",
                        "--upstream",
                        "127.0.0.1:" + service.next().get("port").asInt())) {
            var answer = get(server, "/docs/");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("expected: one with gRPC server reflection");
        }
    }
}

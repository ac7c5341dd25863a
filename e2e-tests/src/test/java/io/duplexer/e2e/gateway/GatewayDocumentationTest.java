package io.duplexer.e2e.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.duplexer.e2e.support.Node;
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
    static final SharedGateway gateway = SharedGateway.before(SharedServer.with());

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

    @Test
    void itsFormsMakeRealCalls() throws Exception {
        var call = HttpRequest.newBuilder(gateway.process().uri("http", "/duplexer.chat.v1.ChatService/SendMessage"))
                .header("content-type", "application/json; charset=utf-8; protocol=gRPC")
                .POST(HttpRequest.BodyPublishers.ofString("{\"user_id\": \"ann\", \"content\": \"from a form\"}"))
                .build();
        var answer = http.send(call, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new ObjectMapper().readTree(answer.body()).path("success").asBoolean())
                .isTrue();
    }

    @Test
    void anUpstreamWithoutReflectionIsSaidToHaveNone() throws Exception {
        try (var service = Node.start("article-server.cjs");
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

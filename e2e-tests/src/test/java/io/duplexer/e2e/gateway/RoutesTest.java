package io.duplexer.e2e.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.support.Inbox;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.Program;
import io.duplexer.e2e.support.ServerProcess;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Services of several servers behind one gateway. */
final class RoutesTest {
    @RegisterExtension
    static final SharedServer chat = SharedServer.with();

    @Test
    void eachServiceIsServedByTheServerThatItsRouteNames() {
        try (var service = Program.node("article-server.cjs");
                var gateway = ServerProcess.start(
                        "gateway",
                        "--route",
                        "/ChatService/=127.0.0.1:" + service.next().get("port").asInt(),
                        "--route",
                        "/duplexer.chat.v1.ChatService/=127.0.0.1:" + chat.port());
                var client = new GrpcWebClient(gateway.uri(), "application/grpc-web+proto")) {
            // The chat keeps the id that it is given; the other one makes its own.
            assertThat(send(client, "duplexer.chat.v1.ChatService/SendMessage")).isEqualTo("OK mine");
            assertThat(send(client, "ChatService/SendMessage")).matches("OK [0-9a-f-]{36}");
            assertThat(send(client, "other.Service/SendMessage")).isEqualTo("UNIMPLEMENTED");
            gateway.assertNoErrors();
        }
    }

    private static String send(GrpcWebClient client, String method) {
        var answers = new Inbox<MessageResponse>();
        var end = new CompletableFuture<Status>();
        client.call(
                        method,
                        Map.of(),
                        Message.newBuilder()
                                .setUserId("ann")
                                .setId("mine")
                                .setContent("hello")
                                .build(),
                        MessageResponse.parser(),
                        answers::add)
                .onEnd(end::complete);
        var code = Patience.await(end).getCode();
        return code == Status.Code.OK ? "OK " + answers.take().getMessageId() : code.name();
    }
}

package io.duplexer.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.ServerProcess;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the server counts, as the README lists it. */
class MetricsTest {
    /** The lines without labels. */
    private static Map<String, Double> read(ServerProcess server) {
        try (var body = server.uri().resolve("/metrics").toURL().openStream()) {
            return new String(body.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.contains("{"))
                    .map(line -> line.split(" ", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> Double.valueOf(pair[1])));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void sessionsRoomsMessagesAndDeliveriesAreCounted() {
        try (var server = ServerProcess.start("--presence-grace", "0s")) {
            assertThat(read(server))
                    .containsEntry("duplexer_chat_sessions", 0.0)
                    .containsEntry("duplexer_chat_messages_total", 0.0)
                    .containsEntry("duplexer_healthy", 1.0);

            try (var ann = new GrpcCalls(server.port());
                    var bob = new GrpcCalls(server.port())) {
                ann.join("ann", "room", Join.getDefaultInstance()).recovered();
                bob.join("bob", "room", Join.getDefaultInstance()).recovered();
                for (int i = 0; i < 3; i++) {
                    Patience.await(ann.publish(Message.newBuilder()
                            .setUserId("ann")
                            .setRoom("room")
                            .setContent("hello")
                            .build()));
                }
                assertThat(read(server))
                        .containsEntry("duplexer_chat_sessions", 2.0)
                        .containsEntry("duplexer_chat_rooms", 1.0)
                        .containsEntry("duplexer_chat_messages_total", 3.0)
                        .containsEntry("duplexer_chat_deliveries_total", 6.0);
            }

            await().untilAsserted(() -> assertThat(read(server))
                    .containsEntry("duplexer_chat_sessions", 0.0)
                    .containsEntry("duplexer_chat_rooms", 0.0)
                    .containsEntry("duplexer_chat_messages_total", 3.0));
        }
    }

    @Test
    void theGatewayHasThoseOfItsConnections() throws Exception {
        try (var gateway = ServerProcess.start("gateway", "--upstream", "127.0.0.1:1");
                var body = gateway.uri().resolve("/metrics").toURL().openStream()) {
            assertThat(new String(body.readAllBytes(), UTF_8))
                    .contains("armeria_server_connections")
                    .doesNotContain("duplexer_chat");
        }
    }
}

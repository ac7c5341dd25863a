package io.duplexer.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.client.Transport;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits on what all clients together take, set low enough to reach. */
class ServerLimitsTest {
    @RegisterExtension
    static final SharedServer small = SharedServer.with("--max-connections", "3", "--max-rooms", "2");

    private static ChatClient connect() {
        return Transport.GRPC_CALLS.connect(small.process());
    }

    private static void join(ChatClient client, String room) {
        client.join("ann", room, Join.getDefaultInstance()).recovered();
    }

    private static Message line(String room) {
        return Message.newBuilder()
                .setUserId("ann")
                .setRoom(room)
                .setContent("hello")
                .build();
    }

    /** Waits until the connections and the rooms of the test before are free again. */
    @BeforeEach
    void awaitFree() {
        await().atMost(Patience.LIMIT).untilAsserted(() -> {
            try (var client = connect()) {
                join(client, "one");
                join(client, "two");
                join(client, "lobby");
            }
        });
    }

    @Test
    void aWebSocketAboveTheLimitIsOpenedAndClosedWith3501() {
        try (var first = new RawWebSocket(small.port(), null);
                var second = new RawWebSocket(small.port(), null);
                var third = new RawWebSocket(small.port(), null);
                var fourth = new RawWebSocket(small.port(), null)) {
            for (var socket : List.of(first, second, third, fourth)) {
                assertThat(socket.handshake()).startsWith("HTTP/1.1 101 ");
            }
            var close = fourth.readClose();
            assertThat(close.closeCode()).isEqualTo(3501);
            assertThat(close.closeReason()).startsWith("connections: ");
            third.sendText("{\"user_id\":\"ann\",\"content\":\"still here\"}");
            assertThat(third.readFrame().text()).contains("still here");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionAboveTheLimitIsRefusedUntilOneIsFree(Transport transport) {
        try (var others = connect()) {
            join(others, "one");
            join(others, "one");
            var third = others.join("ann", "one", Join.getDefaultInstance());
            third.recovered();
            try (var client = transport.connect(small.process())) {
                var refused = client.join("bob", "one", Join.getDefaultInstance())
                        .awaitEnd();
                assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(refused.reason()).contains("connections: ");
            }

            third.leave();
            await().atMost(Patience.LIMIT).untilAsserted(() -> {
                try (var client = transport.connect(small.process())) {
                    join(client, "one");
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRoomWithMembersAboveTheLimitIsRefusedAndTheOthersGoOn(Transport transport) {
        try (var others = connect();
                var client = transport.connect(small.process())) {
            join(others, "one");
            join(others, "two");

            var refused =
                    client.join("bob", "three", Join.getDefaultInstance()).awaitEnd();

            assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.reason()).contains("room: ");
            join(client, "two");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRoomWithMessagesAboveTheLimitIsRefusedAndTheOthersGoOn(Transport transport) {
        try (var client = transport.connect(small.process())) {
            join(client, "one");
            for (var room : List.of("lobby", "one")) {
                assertThat(Patience.await(client.publish(line(room))).getSuccess())
                        .isTrue();
            }

            var refused = Refused.by(client.publish(line("three")));

            assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.reason()).contains("room: three");
            assertThat(Patience.await(client.publish(line("one"))).getSuccess()).isTrue();
        }
    }
}

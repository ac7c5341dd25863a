package io.duplexer.e2e.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.Feed;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.client.Transport;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.Status;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits on what all clients together take, set low enough to reach. */
class ServerLimitsTest {
    private static final int MAX_CONNECTIONS = 20;

    @RegisterExtension
    static final SharedServer small =
            SharedServer.with("--max-connections", String.valueOf(MAX_CONNECTIONS), "--max-rooms", "2");

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

    /** All connections but one are taken, on one connection of TCP: each stream is one. */
    private static List<Feed> takeAllButOne(ChatClient others) {
        return IntStream.range(1, MAX_CONNECTIONS)
                .mapToObj(number -> {
                    var feed = others.join("ann", "one", Join.getDefaultInstance());
                    feed.recovered();
                    return feed;
                })
                .toList();
    }

    /** Waits until the connections and the rooms of the test before are free again. */
    @BeforeEach
    void awaitFree() {
        await().atMost(Patience.LIMIT).untilAsserted(() -> {
            try (var metrics = small.process().uri().resolve("/metrics").toURL().openStream()) {
                assertThat(new String(metrics.readAllBytes(), UTF_8).lines())
                        .contains("duplexer_chat_sessions 0.0", "duplexer_chat_rooms 0.0");
            }
        });
    }

    @Test
    void aWebSocketAboveTheLimitIsOpenedAndClosedWith3501() {
        try (var others = connect()) {
            takeAllButOne(others);
            try (var last = new RawWebSocket(small.port(), null);
                    var tooMany = new RawWebSocket(small.port(), null)) {
                assertThat(last.handshake()).startsWith("HTTP/1.1 101 ");
                assertThat(tooMany.handshake()).startsWith("HTTP/1.1 101 ");
                var close = tooMany.readClose();
                assertThat(close.closeCode()).isEqualTo(3501);
                assertThat(close.closeReason()).startsWith("connections: ");
                last.sendText("{\"user_id\":\"ann\",\"content\":\"still here\"}");
                assertThat(last.readFrame().text()).contains("still here");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionAboveTheLimitIsRefusedAndTheOthersGoOn(Transport transport) {
        try (var others = connect()) {
            takeAllButOne(others);
            try (var last = transport.connect(small.process())) {
                var feed = last.join("bob", "one", Join.getDefaultInstance());
                feed.recovered();
                try (var tooMany = transport.connect(small.process())) {
                    var refused = tooMany.join("bob", "one", Join.getDefaultInstance())
                            .awaitEnd();
                    assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                    assertThat(refused.reason()).contains("connections: ");
                }
                assertThat(feed.isOpen()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRoomWithMembersAboveTheLimitIsRefusedAndTheOthersGoOn(Transport transport) {
        try (var others = connect();
                var client = transport.connect(small.process())) {
            join(others, "one");
            join(others, "two");

            var refused = client.join("bob", "three", Join.getDefaultInstance()).awaitEnd();

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

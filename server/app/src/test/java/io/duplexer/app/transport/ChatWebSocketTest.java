package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.chat.ChatLimits;
import io.duplexer.chat.v1.Message;
import java.time.Duration;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chat on a WebSocket, in JSON and in protobuf. */
@Timeout(30)
final class ChatWebSocketTest {
    private static final String JOIN = "{\"user_id\":\"ann\",\"room\":\"room\",\"join\":{}}";

    private final ChatServer server = new ChatServer(ChatServer.LIMITS);

    @AfterEach
    void stop() {
        server.close();
    }

    private static void awaitNobody(ChatServer server) {
        Awaitility.await().until(() -> server.chat.sessionCount() == 0);
        assertThat(server.chat.roomCount()).isZero();
    }

    @Test
    void theArticlesClientTalksInTheLobby() {
        var ann = SocketClient.json(server);
        ann.send("{\"id\":\"m1\",\"user_id\":\"ann\",\"content\":\"hi\",\"timestamp\":5}");

        var echo = ann.awaitMessages(1).get(0);
        assertThat(echo.getId()).isEqualTo("m1");
        assertThat(echo.getRoom()).isEqualTo("lobby");
        assertThat(echo.getSequence()).isEqualTo(1);
        assertThat(echo.getTimestamp()).isGreaterThan(5);
    }

    @Test
    void jsonAndProtobufMeetInOneRoom() {
        var ann = SocketClient.json(server).send(JOIN);
        ann.awaitMessages(1);
        var bob = SocketClient.proto(server)
                .send(Message.newBuilder()
                        .setUserId("bob")
                        .setRoom("room")
                        .setContent("hi")
                        .build()
                        .toByteArray());

        assertThat(ann.awaitMessages(2).get(1).getUserId()).isEqualTo("bob");
        assertThat(bob.awaitMessages(1)).containsExactly(ann.messages().get(1));
    }

    @ParameterizedTest(name = "<{0}>")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"m1\",\"room\":\"room\",\"content\":5} | m1 | room | content: 5 (expected: a string)",
                "{\"content\":5,\"room\":\"room\",\"id\":\"m1\"} | m1 | room | content: 5 (expected: a string)",
                "{\"id\":\"m1\",\"what\":1}                      | m1 | lobby | what: unknown field (expected: id, user_id, content, timestamp, room, sequence, previous_sequence, duplicate, join, joined, left, typing, rejected, recovered, read_history, history)",
                "{\"id\":\"m1\",\"content\":\"x\"}               | m1 | lobby | user_id: empty (expected: 1 to 128 bytes of UTF-8)",
                "[]                                              | ``  | lobby | message: [ (expected: an object)",
            })
    void aClientThatJoinedIsToldWhatIsWrongAndOfWhichMessage(String json, String id, String room, String reason) {
        var ann = SocketClient.json(server).send(JOIN);
        ann.awaitMessages(1);
        ann.send(json);

        var rejected = ann.awaitMessages(2).get(1);
        assertThat(rejected.getId()).isEqualTo(id);
        assertThat(rejected.getRoom()).isEqualTo(room);
        assertThat(rejected.getRejected().getCode()).isEqualTo(3);
        assertThat(rejected.getRejected().getReason()).isEqualTo(reason);
        ann.send("{\"user_id\":\"ann\",\"room\":\"room\",\"content\":\"x\"}");
        assertThat(ann.awaitMessages(3).get(2).getSequence()).isEqualTo(1);
    }

    @Test
    void aClientWithoutAJoinIsClosedWithTheReason() {
        assertThat(SocketClient.json(server).send("hello").awaitClose().code()).isEqualTo(1007);
        assertThat(SocketClient.json(server).send("{\"content\":\"x\"}").awaitClose())
                .isEqualTo(new SocketClient.Close(1008, "user_id: empty (expected: 1 to 128 bytes of UTF-8)"));
        assertThat(SocketClient.proto(server).send(new byte[] {1, 2, 3}).awaitClose())
                .isEqualTo(new SocketClient.Close(
                        1007, "message: not protobuf (expected: one duplexer.chat.v1.Message a frame)"));
        awaitNobody(server);
    }

    @Test
    void theOtherKindOfFrameIsNotTaken() {
        assertThat(SocketClient.json(server).send(new byte[] {10, 0}).awaitClose())
                .extracting(SocketClient.Close::code, SocketClient.Close::reason)
                .satisfies(close -> assertThat(close.toString()).startsWith("[1007, frame: binary (expected: text"));
        assertThat(SocketClient.proto(server).send(JOIN).awaitClose())
                .satisfies(close -> assertThat(close.code()).isEqualTo(1007))
                .satisfies(close -> assertThat(close.reason()).startsWith("frame: text (expected: binary"));
    }

    @Test
    void whoClosesOrIsLostLeaves() {
        var ann = SocketClient.json(server).send(JOIN);
        var bob = SocketClient.json(server).send(JOIN.replace("ann", "bob"));
        ann.awaitMessages(1);
        bob.awaitMessages(1);
        assertThat(server.chat.sessionCount()).isEqualTo(2);
        ann.close();
        bob.abort();

        awaitNobody(server);
    }

    @Test
    void thousandsOfMessagesOfOneSocketComeBackInOrder() {
        var ann = SocketClient.json(server).send(JOIN);
        for (var i = 0; i < 2_000; i++) {
            ann.send("{\"id\":\"m" + i + "\",\"user_id\":\"ann\",\"room\":\"room\",\"content\":\"x\"}");
        }

        assertThat(ann.awaitMessages(2_001).stream().skip(1).map(Message::getId))
                .containsExactlyElementsOf(
                        IntStream.range(0, 2_000).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void aStoppingChatSaysGoingAway() {
        var ann = SocketClient.json(server).send(JOIN);
        ann.awaitMessages(1);
        server.chat.close();

        assertThat(ann.awaitClose())
                .isEqualTo(new SocketClient.Close(1001, "the server is stopping (expected: reconnect)"));
        assertThat(SocketClient.json(server).awaitClose().code()).isEqualTo(1001);
        awaitNobody(server);
    }

    @Test
    void oneConnectionTooManyIsClosedAndTold() {
        try (var small = new ChatServer(new ChatLimits(1_000, 1, 10, 10, 0, 1, Duration.ZERO))) {
            var ann = SocketClient.json(small).send(JOIN);
            ann.awaitMessages(1);

            assertThat(SocketClient.json(small).awaitClose())
                    .isEqualTo(new SocketClient.Close(
                            3501, "connections: this server has 1 already (expected: at most 1)"));
            ann.close();
            awaitNobody(small);
        }
    }

    @Test
    void aSocketIsOpenedHoweverManyRoomsThereAreAndToldOfTheLimitWhenItJoins() {
        try (var small = new ChatServer(new ChatLimits(1_000, 10, 1, 10, 0, 1, Duration.ZERO))) {
            var ann = SocketClient.json(small).send("{\"user_id\":\"ann\",\"room\":\"a\",\"join\":{}}");
            ann.awaitMessages(1);

            var bob = SocketClient.json(small).send("{\"user_id\":\"bob\",\"room\":\"b\",\"join\":{}}");
            assertThat(bob.awaitMessages(1).get(0).getRejected().getCode()).isEqualTo(8);
            bob.send("{\"user_id\":\"bob\",\"content\":\"in the lobby\"}");
            assertThat(bob.awaitMessages(2).get(1).getContent()).isEqualTo("in the lobby");
            ann.close();
            bob.close();
            awaitNobody(small);
        }
    }
}

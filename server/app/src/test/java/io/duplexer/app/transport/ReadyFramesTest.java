package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceStub;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.SubscribeRequest;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves in batches comes in as the messages that it was made of. */
@Timeout(30)
final class ReadyFramesTest {
    /** Some batches, the last of them not full. */
    private static final int HISTORY = 300;

    private final ChatServer server = new ChatServer(ChatServer.LIMITS);
    private final ClientFactory connection = ChatServer.connection();

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    /** Some are longer than a batch. */
    private static int length(int number) {
        return number % 50 == 0 ? 40_000 : 1 + number * number % 2_000;
    }

    private static Message line(int number, int length) {
        return Message.newBuilder()
                .setUserId("ann")
                .setRoom("room")
                .setId("m" + number)
                .setContent("x".repeat(length))
                .build();
    }

    private List<Message> publish(int first, int last, IntUnaryOperator length) {
        var stored = new ArrayList<Message>();
        for (var number = first; number <= last; number++) {
            stored.add(server.chat
                    .publishAccepted(line(number, length.applyAsInt(number)))
                    .join()
                    .message());
        }
        return stored;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gproto", "gproto-web", "gproto-web-text", "gjson"})
    void everyFormatGetsTheHistoryTheLiveMessagesAndTheEnd(String format) {
        var expected = publish(1, HISTORY, ReadyFramesTest::length);
        var received = Received.<SubscribeRequest, Message>all();
        server.client(connection, ChatServiceStub.class, format)
                .subscribeToMessages(
                        SubscribeRequest.newBuilder()
                                .setUserId("bob")
                                .setRoom("room")
                                .setJoin(Join.newBuilder().setHistory(HISTORY))
                                .build(),
                        received);
        received.awaitValues(1 + HISTORY);
        expected.addAll(publish(HISTORY + 1, HISTORY + 50, ReadyFramesTest::length));
        var values = received.awaitValues(1 + expected.size());
        server.chat.close();

        assertThat(values.get(0).hasRecovered()).isTrue();
        assertThat(values.subList(1, values.size())).isEqualTo(expected);
        assertThat(received.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void manyThreadsAtOnceLeaveOneOrder() {
        var received = Received.<SubscribeRequest, Message>all();
        server.client(connection, ChatServiceStub.class)
                .subscribeToMessages(
                        SubscribeRequest.newBuilder()
                                .setUserId("bob")
                                .setRoom("room")
                                .setJoin(Join.getDefaultInstance())
                                .build(),
                        received);
        received.awaitValues(1);
        var publishing = List.of(0, 1, 2, 3).stream()
                .map(part -> CompletableFuture.runAsync(
                        () -> publish(part * HISTORY + 1, part * HISTORY + HISTORY, number -> 10)))
                .toList();
        publishing.forEach(CompletableFuture::join);

        var lines = received.awaitValues(1 + 4 * HISTORY).subList(1, 1 + 4 * HISTORY);
        assertThat(lines.get(0).getPreviousSequence()).isZero();
        for (var i = 1; i < lines.size(); i++) {
            assertThat(lines.get(i).getPreviousSequence())
                    .isEqualTo(lines.get(i - 1).getSequence());
        }
    }
}

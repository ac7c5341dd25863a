package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retention;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceBlockingStub;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceStub;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.ResumePoint;
import io.duplexer.chat.v1.SubscribeRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A subscriber that does not read is sent away to resume; the others notice nothing. */
@Timeout(30)
final class SlowSubscriberTest {
    private static final int MESSAGES = 60;
    private static final String CONTENT = "x".repeat(16 * 1024);

    private final ChatServer server = new ChatServer(ChatServer.LIMITS);
    private final ClientFactory connection = ChatServer.connection();
    private final ChatServiceBlockingStub publisher = server.client(connection, ChatServiceBlockingStub.class);
    private final ChatServiceStub client = server.client(connection, ChatServiceStub.class);

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    private Received<SubscribeRequest, Message> subscribe(
            String userId, Join.Builder join, Received<SubscribeRequest, Message> received) {
        client.subscribeToMessages(
                SubscribeRequest.newBuilder().setUserId(userId).setJoin(join).build(), received);
        received.awaitValues(1);
        return received;
    }

    private void publish(int count) {
        for (var i = 0; i < count; i++) {
            var message = Message.newBuilder().setUserId("zoe").setContent(CONTENT);
            assertThat(publisher.sendMessage(message.build()).getSuccess()).isTrue();
        }
    }

    private static void assertChain(List<Message> lines, long after) {
        var last = after;
        for (var line : lines) {
            assertThat(line.getPreviousSequence()).isEqualTo(last);
            last = line.getSequence();
        }
    }

    @Test
    void theSlowIsCutOffTheOthersGoOnAndTheSlowResumes() {
        var fast = subscribe("fast", Join.newBuilder(), Received.all());
        var slow = subscribe("slow", Join.newBuilder(), Received.firstOnly());
        assertThat(server.chat.sessionCount()).isEqualTo(2);
        publish(MESSAGES);

        Awaitility.await().until(() -> server.chat.sessionCount() == 1);
        assertThat(fast.awaitValues(MESSAGES + 3).get(1).hasJoined()).isTrue();
        assertThat(fast.isEnded()).isFalse();

        slow.call().request(Integer.MAX_VALUE);
        var status = slow.awaitStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription())
                .matches("queue: \\d+ bytes wait for this subscriber"
                        + " \\(expected: at most 262144; read faster, then resume\\)");
        var before = slow.values().stream().skip(1).toList();
        assertThat(before).hasSizeLessThan(MESSAGES);
        assertChain(before, 0);

        var last = before.isEmpty() ? 0 : before.get(before.size() - 1).getSequence();
        var epoch = slow.values().get(0).getRecovered().getEpoch();
        var resumed = subscribe(
                "slow",
                Join.newBuilder()
                        .setResume(ResumePoint.newBuilder().setEpoch(epoch).setSequence(last)),
                Received.all());
        var after = resumed.awaitValues(1 + MESSAGES - before.size());
        assertThat(after.get(0).getRecovered().getRecovered()).isTrue();
        assertChain(after.subList(1, after.size()), last);
    }

    @Test
    void historyIsReadAtThePaceOfTheSubscriberHoweverSlow() {
        publish(MESSAGES);
        var slow = subscribe("slow", Join.newBuilder().setHistory(MESSAGES), Received.firstOnly());
        // 16 KiB each: the window of the stream, that of the outlet and its queue are full long before the end.
        for (var i = 1; i <= MESSAGES; i++) {
            slow.call().request(1);
            slow.awaitValues(1 + i);
        }
        assertThat(slow.isEnded()).isFalse();
        assertChain(slow.values().stream().skip(1).toList(), 0);

        publish(1);
        slow.call().request(1);
        assertThat(slow.awaitValues(MESSAGES + 2).get(MESSAGES + 1).getSequence())
                .isEqualTo(MESSAGES + 1);
    }

    @Test
    void aThousandSmallMessagesAtOnceAreNoTroubleForTheConnection() {
        for (var i = 0; i < 1_000; i++) {
            var message = Message.newBuilder().setUserId("zoe").setContent("x").build();
            assertThat(server.chat.publishAccepted(message)).isCompleted();
        }
        var join = Join.newBuilder().setHistory(1_000);
        var first = subscribe("first", join, Received.all());
        var second = subscribe("second", join, Received.all());

        for (var received : List.of(first, second)) {
            var lines = received.awaitValues(1_001).stream()
                    .filter(message -> message.getSequence() > 0)
                    .toList();
            assertThat(lines).hasSize(1_000);
            assertChain(lines, 0);
            assertThat(received.isEnded()).isFalse();
        }
    }

    @Test
    void historyComesEvenIfNothingMayWait() {
        var history = new MemoryHistory(new Retention(1, 100, Duration.ZERO, Duration.ofDays(1)), Long.MAX_VALUE);
        try (var narrow = new ChatServer(ChatServer.LIMITS, history, 1)) {
            for (var i = 0; i < 10; i++) {
                assertThat(narrow.chat.publishAccepted(GrpcChatTest.line("zoe", "m" + i)))
                        .isCompleted();
            }
            var received = Received.<SubscribeRequest, Message>all();
            var join = Join.newBuilder().setHistory(10);
            narrow.client(connection, ChatServiceStub.class)
                    .subscribeToMessages(
                            SubscribeRequest.newBuilder()
                                    .setUserId("ann")
                                    .setJoin(join)
                                    .build(),
                            received);

            assertChain(received.awaitValues(11).subList(1, 11), 0);
        }
    }
}

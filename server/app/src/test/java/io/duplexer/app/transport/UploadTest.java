package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import io.duplexer.app.chat.ChatLimits;
import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retentions;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceStub;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.UploadSummary;
import io.grpc.Status;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many messages on one call, and one answer. */
@Timeout(30)
final class UploadTest {
    private static final ChatLimits PACED = new ChatLimits(64 * 1024, 10, 10, 10, 50, 10, Duration.ZERO);

    private final History history = new MemoryHistory(Retentions.of(10, 100_000), Long.MAX_VALUE);
    private final ClientFactory connection = ChatServer.connection();
    private final Received<Message, UploadSummary> answer = Received.all();

    @AfterEach
    void stop() {
        connection.close();
    }

    private void upload(ChatServer server, Stream<Message> messages) {
        var requests = server.client(connection, ChatServiceStub.class).uploadMessages(answer);
        messages.forEach(requests::onNext);
        requests.onCompleted();
    }

    private static Stream<Message> lines(int count) {
        return IntStream.range(0, count).mapToObj(i -> GrpcChatTest.line("ann", "m" + i));
    }

    private void assertStoredInOrder(int count) {
        assertThat(history.after("lobby", 0, 100_000).join().messages())
                .extracting(Message::getId)
                .containsExactlyElementsOf(lines(count).map(Message::getId).toList());
    }

    @Test
    void thousandsAreStoredInOrderAndCounted() {
        try (var server = new ChatServer(ChatServer.LIMITS, history)) {
            upload(server, lines(5_000));

            assertThat(answer.awaitStatus()).isEqualTo(Status.OK);
            assertThat(answer.values())
                    .containsExactly(UploadSummary.newBuilder()
                            .setReceived(5_000)
                            .setStored(5_000)
                            .setLastSequence(5_000)
                            .build());
            assertStoredInOrder(5_000);
        }
    }

    @Test
    void anEmptyUploadIsAnsweredToo() {
        try (var server = new ChatServer(ChatServer.LIMITS, history)) {
            upload(server, Stream.empty());

            assertThat(answer.awaitStatus()).isEqualTo(Status.OK);
            assertThat(answer.values()).containsExactly(UploadSummary.getDefaultInstance());
        }
    }

    @Test
    void duplicatesAndRefusalsAreCountedAndTheFirstHundredNamed() {
        try (var server = new ChatServer(ChatServer.LIMITS, history)) {
            var wrong = IntStream.range(0, 101).mapToObj(i -> GrpcChatTest.line("", "w" + i));
            upload(server, Stream.of(lines(2), lines(3), wrong, lines(4)).flatMap(messages -> messages));

            assertThat(answer.awaitStatus()).isEqualTo(Status.OK);
            var summary = answer.values().get(0);
            assertThat(summary.toBuilder().clearRefusals().build())
                    .isEqualTo(UploadSummary.newBuilder()
                            .setReceived(110)
                            .setStored(4)
                            .setDuplicates(5)
                            .setRefused(101)
                            .setLastSequence(4)
                            .build());
            assertThat(summary.getRefusalsList())
                    .extracting(Message::getId)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 100).mapToObj(i -> "w" + i).toList());
            assertThat(summary.getRefusals(0).getRejected().getReason()).startsWith("user_id: empty");
            assertThat(summary.getRefusals(0).getRejected().getCode()).isEqualTo(3);
        }
    }

    @Test
    void whatIsFarTooLongForANameIsNotSentBack() {
        try (var server = new ChatServer(ChatServer.LIMITS, history)) {
            var longest = "n".repeat(1_024);
            upload(
                    server,
                    IntStream.range(0, 101)
                            .mapToObj(i -> GrpcChatTest.line("", i == 0 ? longest : "n".repeat(100_000))));

            assertThat(answer.awaitStatus()).isEqualTo(Status.OK);
            var refusals = answer.values().get(0).getRefusalsList();
            assertThat(refusals).hasSize(100);
            assertThat(refusals.get(0).getId()).isEqualTo(longest);
            assertThat(refusals.subList(1, 100))
                    .allSatisfy(refusal -> assertThat(refusal.getId()).isEmpty());
        }
    }

    @Test
    void aboveThePublishRateItIsSlowedDownAndKeepsItsOrder() {
        try (var server = new ChatServer(PACED, history)) {
            var start = System.nanoTime();
            upload(server, lines(60));

            assertThat(answer.awaitStatus()).isEqualTo(Status.OK);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("10 at once, 50 more at 50 a second")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(999));
            assertThat(answer.values().get(0).getStored()).isEqualTo(60);
            assertStoredInOrder(60);
        }
    }

    @Test
    void aHistoryThatCannotWriteEndsTheCall() {
        try (var server = new ChatServer(ChatServer.LIMITS, history)) {
            history.close();
            upload(server, lines(100));

            assertThat(answer.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void aHistoryThatCannotWriteEndsTheCallWhateverWaits() {
        try (var server = new ChatServer(PACED, history)) {
            upload(server, lines(60));
            Awaitility.await().until(() -> history.after("lobby", 0, 1).join().head() >= 10);
            history.close();

            assertThat(answer.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void anUploadThatIsCancelledStopsPublishing() {
        try (var server = new ChatServer(PACED, history)) {
            var requests = server.client(connection, ChatServiceStub.class).uploadMessages(answer);
            lines(1_000).forEach(requests::onNext);
            Awaitility.await().until(() -> history.after("lobby", 0, 1).join().head() >= 10);
            answer.call().cancel("enough", null);
            assertThat(answer.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);

            assertThat(history.after("lobby", 0, 1).join().head()).isLessThan(1_000);
        }
    }
}

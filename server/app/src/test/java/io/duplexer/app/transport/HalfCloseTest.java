package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import io.duplexer.app.chat.ManualHistory;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceStub;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Left;
import io.duplexer.chat.v1.Message;
import io.grpc.Status;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller that has said all: it gets what is owed to it, and then the end. */
@Timeout(30)
final class HalfCloseTest {
    private final ManualHistory history = new ManualHistory();
    private final ChatServer server = new ChatServer(ChatServer.LIMITS, history);
    private final ClientFactory connection = ChatServer.connection();
    private final ChatServiceStub client = server.client(connection, ChatServiceStub.class);
    private final Received<Message, Message> ann = Received.all();

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    @Test
    void theStreamCompletesAfterAllAcknowledgements() {
        history.holdCommits(true);
        var requests = client.chat(ann);
        for (var id : List.of("m1", "m2", "m3")) {
            requests.onNext(GrpcChatTest.line("ann", id));
        }
        requests.onCompleted();
        Awaitility.await().until(() -> history.openAppends() == 3);
        assertThat(ann.isEnded()).isFalse();
        history.commit();

        assertThat(ann.awaitStatus()).isEqualTo(Status.OK);
        assertThat(ann.values()).extracting(Message::getId).containsExactly("m1", "m2", "m3");
        Awaitility.await().until(() -> server.chat.sessionCount() == 0);
    }

    @Test
    void aCallThatSaysNothingCompletesAtOnce() {
        client.chat(ann).onCompleted();

        assertThat(ann.awaitStatus()).isEqualTo(Status.OK);
        assertThat(ann.values()).isEmpty();
        Awaitility.await().until(() -> server.chat.sessionCount() == 0);
    }

    @Test
    void aJoinThatWasLeftBeforeItsHistoryCameDoesNotHoldTheStream() {
        history.holdReads(true);
        var requests = client.chat(ann);
        var message = Message.newBuilder().setUserId("ann").setRoom("room");
        requests.onNext(message.setJoin(Join.newBuilder().setHistory(5)).build());
        requests.onNext(message.setLeft(Left.getDefaultInstance()).build());
        requests.onCompleted();
        assertThat(ann.awaitValues(1).get(0).hasLeft()).isTrue();
        history.answerRead();

        assertThat(ann.awaitStatus()).isEqualTo(Status.OK);
    }

    @Test
    void noMoreThanAFewMessagesAreTakenBeforeTheyAreStored() {
        history.holdCommits(true);
        var requests = client.chat(ann);
        IntStream.range(0, 1_000).forEach(i -> requests.onNext(GrpcChatTest.line("ann", "m" + i)));
        requests.onCompleted();
        Awaitility.await().until(() -> history.openAppends() == Conversation.MAX_IN_FLIGHT);

        history.holdCommits(false);
        history.commit();
        assertThat(ann.awaitStatus()).isEqualTo(Status.OK);
        assertThat(ann.values())
                .extracting(Message::getId)
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_000).mapToObj(i -> "m" + i).toList());
    }
}

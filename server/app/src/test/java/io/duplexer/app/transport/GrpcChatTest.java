package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceBlockingStub;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceStub;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.ReadHistoryRequest;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.chat.v1.Typing;
import io.duplexer.chat.v1.UploadSummary;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of the service, from a client on a connection. */
@Timeout(30)
final class GrpcChatTest {
    private final ChatServer server = new ChatServer(ChatServer.LIMITS);
    private final ClientFactory connection = ChatServer.connection();
    private final ChatServiceBlockingStub blocking = server.client(connection, ChatServiceBlockingStub.class);
    private final ChatServiceStub client = server.client(connection, ChatServiceStub.class);

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    static Message line(String userId, String id) {
        return Message.newBuilder()
                .setUserId(userId)
                .setId(id)
                .setContent("content")
                .build();
    }

    private static Message join(String userId, String room) {
        return Message.newBuilder()
                .setUserId(userId)
                .setRoom(room)
                .setJoin(Join.getDefaultInstance())
                .build();
    }

    private Received<SubscribeRequest, Message> subscribe(String userId, Join join) {
        var received = Received.<SubscribeRequest, Message>all();
        client.subscribeToMessages(
                SubscribeRequest.newBuilder().setUserId(userId).setJoin(join).build(), received);
        return received;
    }

    private void awaitSessions(int count) {
        Awaitility.await().until(() -> server.chat.sessionCount() == count);
    }

    @Test
    void aSentMessageIsAnsweredWithItsPlaceAndAgainWithTheSame() {
        var first = blocking.sendMessage(line("ann", "m1"));
        assertThat(first)
                .isEqualTo(MessageResponse.newBuilder()
                        .setSuccess(true)
                        .setMessageId("m1")
                        .setSequence(1)
                        .setTimestamp(first.getTimestamp())
                        .build());
        assertThat(first.getTimestamp()).isPositive();
        assertThat(blocking.sendMessage(line("ann", "m1")))
                .isEqualTo(first.toBuilder().setDuplicate(true).build());
    }

    @Test
    void aWrongMessageIsAnInvalidArgumentThatNamesTheField() {
        assertThatThrownBy(() -> blocking.sendMessage(line("", "m1")))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("INVALID_ARGUMENT: user_id: empty (expected: 1 to 128 bytes of UTF-8)");
    }

    @Test
    void aSentTypingReachesTheRoomAndIsNotStored() {
        var bob = subscribe("bob", Join.getDefaultInstance());
        bob.awaitValues(1);
        var typing = Message.newBuilder().setUserId("ann").setTyping(Typing.getDefaultInstance());

        assertThat(blocking.sendMessage(typing.build()))
                .isEqualTo(MessageResponse.newBuilder().setSuccess(true).build());
        assertThat(bob.awaitValues(2).get(1)).isEqualTo(typing.setRoom("lobby").build());
        assertThatThrownBy(() -> blocking.sendMessage(typing.clearUserId().build()))
                .hasMessage("INVALID_ARGUMENT: user_id: empty (expected: 1 to 128 bytes of UTF-8)");
        assertThat(blocking.sendMessage(line("ann", "m1")).getSequence()).isEqualTo(1);
    }

    @Test
    void theHistoryIsReadBackAPageAtATime() {
        for (var id : List.of("m1", "m2", "m3")) {
            blocking.sendMessage(line("ann", id));
        }
        var request = ReadHistoryRequest.newBuilder().setUserId("bob").setLimit(2);
        var newest = blocking.readHistory(request.build());
        var before = blocking.readHistory(
                request.setBefore(newest.getMessages(0).getSequence()).build());

        assertThat(newest.getMessagesList()).extracting(Message::getId).containsExactly("m2", "m3");
        assertThat(newest.getMore()).isTrue();
        assertThat(before.getMessagesList()).extracting(Message::getId).containsExactly("m1");
        assertThat(before.getMore()).isFalse();
        assertThatThrownBy(
                        () -> blocking.readHistory(request.clone().setLimit(201).build()))
                .hasMessage("INVALID_ARGUMENT: limit: 201 messages (expected: at most 200; 0 means 50)");
    }

    @Test
    void aSubscriberWithAJoinGetsTheAnswerTheHistoryAndTheRoomLive() {
        blocking.sendMessage(line("ann", "m1"));
        var bob = subscribe("bob", Join.newBuilder().setHistory(10).build());
        bob.awaitValues(2);
        blocking.sendMessage(line("ann", "m2"));

        assertThat(bob.awaitValues(3).get(0).getRecovered().getMissed()).isEqualTo(1);
        assertThat(bob.values().subList(1, 3)).extracting(Message::getId).containsExactly("m1", "m2");
    }

    @Test
    void aSubscriberWithoutAJoinGetsOnlyTheLinesFromNowOn() {
        blocking.sendMessage(line("ann", "m1"));
        var bob = Received.<SubscribeRequest, Message>all();
        client.subscribeToMessages(
                SubscribeRequest.newBuilder().setUserId("bob").build(), bob);
        awaitSessions(1);
        subscribe("eve", Join.getDefaultInstance()).awaitValues(1);
        blocking.sendMessage(line("ann", "m2"));

        assertThat(bob.awaitValues(1)).extracting(Message::getId).containsExactly("m2");
    }

    @Test
    void aRefusedSubscriptionEndsAndLeavesNothingBehind() {
        var refused = subscribe("", Join.getDefaultInstance());
        assertThat(refused.awaitStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        awaitSessions(0);

        client.subscribeToMessages(SubscribeRequest.getDefaultInstance(), refused);
        awaitSessions(0);
        assertThat(server.chat.roomCount()).isZero();
    }

    @Test
    void aSubscriberThatCancelsLeavesTheRoom() {
        var bob = subscribe("bob", Join.getDefaultInstance());
        bob.awaitValues(1);
        var ann = subscribe("ann", Join.getDefaultInstance());
        ann.awaitValues(1);
        ann.call().cancel("enough", null);

        assertThat(bob.awaitValues(3).get(1).hasJoined()).isTrue();
        assertThat(bob.values().get(2).hasLeft()).isTrue();
        awaitSessions(1);
    }

    @Test
    void aChatThatIsCancelledLeavesTheRoom() {
        var ann = Received.<Message, Message>all();
        client.chat(ann).onNext(join("ann", "room"));
        ann.awaitValues(1);
        ann.call().cancel("enough", null);

        awaitSessions(0);
        assertThat(server.chat.roomCount()).isZero();
    }

    @Test
    void aConnectionThatIsLostLeavesTheRoom() {
        var lost = ChatServer.connection();
        var ann = Received.<Message, Message>all();
        server.client(lost, ChatServiceStub.class).chat(ann).onNext(join("ann", "room"));
        ann.awaitValues(1);
        lost.close();

        awaitSessions(0);
        assertThat(server.chat.roomCount()).isZero();
    }

    @Test
    void aChatWithoutAJoinIsTheLobbyAndAWrongMessageEndsIt() {
        var ann = Received.<Message, Message>all();
        var requests = client.chat(ann);
        requests.onNext(line("ann", "m1"));
        assertThat(ann.awaitValues(1).get(0).getRoom()).isEqualTo("lobby");
        requests.onNext(line("", "m2"));

        assertThat(ann.awaitStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        awaitSessions(0);
    }

    @Test
    void aChatWithAJoinIsToldOfAWrongMessageAndGoesOn() {
        var ann = Received.<Message, Message>all();
        var requests = client.chat(ann);
        requests.onNext(join("ann", "lobby"));
        requests.onNext(line("", "m1"));
        requests.onNext(line("ann", "m2"));

        assertThat(ann.awaitValues(3).get(1).getRejected().getCode()).isEqualTo(3);
        assertThat(ann.values().get(1).getId()).isEqualTo("m1");
        assertThat(ann.values().get(2).getSequence()).isEqualTo(1);
    }

    @Test
    void aStoppingChatEndsItsStreamsAndRefusesCalls() {
        var ann = subscribe("ann", Join.getDefaultInstance());
        ann.awaitValues(1);
        var bob = Received.<Message, Message>all();
        client.chat(bob).onNext(join("bob", "lobby"));
        bob.awaitValues(1);
        server.chat.close();

        assertThat(ann.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(bob.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(subscribe("eve", Join.getDefaultInstance()).awaitStatus().getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThatThrownBy(() -> blocking.sendMessage(line("ann", "m1"))).hasMessageStartingWith("UNAVAILABLE");
        assertThatThrownBy(() -> blocking.sendMessage(Message.newBuilder()
                        .setUserId("ann")
                        .setTyping(Typing.getDefaultInstance())
                        .build()))
                .hasMessageStartingWith("UNAVAILABLE");
        assertThatThrownBy(() -> blocking.readHistory(
                        ReadHistoryRequest.newBuilder().setUserId("ann").build()))
                .hasMessageStartingWith("UNAVAILABLE");
        awaitSessions(0);
    }

    @Test
    void aStreamThatBeginsWhileTheChatStopsIsUnavailable() {
        server.chat.close();

        var chat = Received.<Message, Message>all();
        client.chat(chat).onNext(line("ann", "m1"));
        assertThat(chat.awaitStatus())
                .returns(Status.Code.UNAVAILABLE, Status::getCode)
                .returns("the server is stopping (expected: reconnect)", Status::getDescription);

        var upload = Received.<Message, UploadSummary>all();
        client.uploadMessages(upload).onNext(line("ann", "m1"));
        assertThat(upload.awaitStatus())
                .returns(Status.Code.UNAVAILABLE, Status::getCode)
                .returns("the server is stopping (expected: reconnect)", Status::getDescription);
        awaitSessions(0);
    }
}

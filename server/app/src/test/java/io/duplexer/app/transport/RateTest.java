package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import io.duplexer.app.chat.ChatLimits;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceBlockingStub;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceStub;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.SubscribeRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The publish rate is of a connection, whatever calls are made on it. */
@Timeout(30)
final class RateTest {
    private static final int BURST = 5;

    private final ChatServer server = new ChatServer(new ChatLimits(1_000, 10, 10, 10, 1, BURST, Duration.ZERO));
    private final ClientFactory connection = ChatServer.connection();
    private final ClientFactory another = ChatServer.connection();
    private final long start = System.nanoTime();

    @AfterEach
    void stop() {
        connection.close();
        another.close();
        server.close();
    }

    /** Sends until one is refused; returns how many were not. */
    private int sendAll(ClientFactory factory) {
        var client = server.client(factory, ChatServiceBlockingStub.class);
        for (var sent = 0; ; sent++) {
            try {
                assertThat(client.sendMessage(GrpcChatTest.line("ann", "")).getSuccess())
                        .isTrue();
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(e.getStatus().getDescription())
                        .isEqualTo("rate: too many messages on this connection"
                                + " (expected: at most 1 a second, 5 at once)");
                return sent;
            }
        }
    }

    private long earned() {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds() + 1;
    }

    @Test
    void unaryCallsOfOneConnectionShareIt() {
        assertThat((long) sendAll(connection)).isBetween((long) BURST, BURST + earned());
    }

    @Test
    void anotherConnectionHasItsOwn() {
        sendAll(connection);

        assertThat(sendAll(another)).isGreaterThanOrEqualTo(BURST);
    }

    @Test
    void aStreamSharesItWithTheUnaryCallsOfItsConnection() {
        var ann = Received.<Message, Message>all();
        var requests = server.client(connection, ChatServiceStub.class).chat(ann);
        requests.onNext(Message.newBuilder()
                .setUserId("ann")
                .setJoin(Join.getDefaultInstance())
                .build());
        ann.awaitValues(1);
        var sent = 1 + sendAll(connection);
        ann.awaitValues(sent);
        for (var i = 0; i < BURST; i++) {
            requests.onNext(GrpcChatTest.line("ann", "m" + i));
        }

        var answers = ann.awaitValues(sent + BURST).stream().skip(sent);
        assertThat(answers.filter(Message::hasRejected).map(message -> message.getRejected()))
                .isNotEmpty()
                .allSatisfy(rejected -> {
                    assertThat(rejected.getCode()).isEqualTo(8);
                    assertThat(rejected.getRetryAfterMillis()).isBetween(1, 1_001);
                });
    }

    @Test
    void aSubscriptionThatJoinsCountsToo() {
        sendAll(connection);
        var request = SubscribeRequest.newBuilder().setUserId("ann");
        var client = server.client(connection, ChatServiceStub.class);
        var joining = Received.<SubscribeRequest, Message>all();
        client.subscribeToMessages(
                request.clone().setJoin(Join.getDefaultInstance()).build(), joining);

        assertThat(joining.awaitStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(joining.awaitStatus().getDescription()).startsWith("rate: ");
    }
}

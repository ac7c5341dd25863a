package io.duplexer.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.UploadSummary;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.Feed;
import io.duplexer.e2e.client.ResponseFuture;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.ServerProcess;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the parts of the contract share: a server without a publish rate, a room for each test, clients in it. */
abstract class ContractTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with("--publish-rate", "0", "--presence-grace", "0s");

    final String room = Names.room();
    private final List<ChatClient> clients = new ArrayList<>();

    /** A client on the transport under test. */
    abstract ChatClient newClient(ServerProcess server);

    final ChatClient connect() {
        return closed(newClient(server.process()));
    }

    /** Closes the client after the test. */
    final <T extends ChatClient> T closed(T client) {
        clients.add(client);
        return client;
    }

    @AfterEach
    final void closeClients() {
        clients.forEach(ChatClient::close);
    }

    static Join noHistory() {
        return Join.getDefaultInstance();
    }

    static Join history(int count) {
        return Join.newBuilder().setHistory(count).build();
    }

    static Join resume(String epoch, long sequence) {
        var join = Join.newBuilder();
        join.getResumeBuilder().setEpoch(epoch).setSequence(sequence);
        return join.build();
    }

    /** A feed that is live: its answer to the join has been taken. */
    final Feed joined(ChatClient client, String userId) {
        return joined(client, userId, room);
    }

    static Feed joined(ChatClient client, String userId, String room) {
        var feed = client.join(userId, room, noHistory());
        feed.recovered();
        return feed;
    }

    final Message line(String userId, String content) {
        return Message.newBuilder()
                .setUserId(userId)
                .setRoom(room)
                .setContent(content)
                .build();
    }

    static MessageResponse publish(ChatClient client, Message message) {
        return Patience.await(client.publish(message));
    }

    /** Publishes {@code count} messages, a few at a time, so that their order is the server's choice. */
    final List<MessageResponse> publishMany(ChatClient client, String userId, int count) {
        var responses = new ArrayList<MessageResponse>();
        for (int start = 0; start < count; start += 50) {
            var sent = IntStream.range(start, Math.min(count, start + 50))
                    .mapToObj(i -> client.publish(line(userId, userId + " " + i)))
                    .toList();
            sent.forEach(response -> responses.add(Patience.await(response)));
        }
        return responses;
    }

    /** Publishes {@code count} messages, each after the one before is acknowledged. */
    final List<MessageResponse> publishInOrder(ChatClient client, String userId, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> publish(client, line(userId, userId + " " + i)))
                .toList();
    }

    /** Puts {@code count} small messages into the room's history, by one gRPC stream. */
    final void upload(int count) {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        try {
            var response = new ResponseFuture<UploadSummary>();
            var requests = ChatServiceGrpc.newStub(channel).uploadMessages(response);
            for (int i = 0; i < count; i++) {
                requests.onNext(line("u", "x").toBuilder().setId("" + i).build());
            }
            requests.onCompleted();
            assertThat(Patience.await(response.future()).getStored()).isEqualTo(count);
        } finally {
            channel.shutdownNow();
        }
    }

    static void assertChain(List<Message> lines) {
        for (int i = 1; i < lines.size(); i++) {
            assertThat(lines.get(i).getPreviousSequence())
                    .isEqualTo(lines.get(i - 1).getSequence());
            assertThat(lines.get(i).getSequence())
                    .isGreaterThan(lines.get(i - 1).getSequence());
        }
    }
}

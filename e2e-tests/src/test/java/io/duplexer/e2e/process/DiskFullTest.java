package io.duplexer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.ReadHistory;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.Feed;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.client.Transport;
import io.duplexer.e2e.support.FullDisk;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.ServerProcess;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The disk fills up under a server that runs, and is emptied again: nobody has to do anything to the server. */
class DiskFullTest {
    private static final String ROOM = "room";

    private static Message line(int number) {
        return Message.newBuilder()
                .setUserId("ann")
                .setRoom(ROOM)
                .setId("m" + number)
                .setContent("x".repeat(20_000))
                .build();
    }

    private static int healthz(ServerProcess server) throws IOException {
        var connection =
                (HttpURLConnection) server.uri().resolve("/healthz").toURL().openConnection();
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    private static ServingStatus grpcHealth(ServerProcess server) {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    private static void awaitHealth(ServerProcess server, int http, ServingStatus grpc) {
        await().atMost(Patience.LIMIT).untilAsserted(() -> {
            assertThat(healthz(server)).isEqualTo(http);
            assertThat(grpcHealth(server)).isEqualTo(grpc);
        });
    }

    /** Publishes until one message is refused. Returns the number of that one. */
    private static int fill(ChatClient publisher) {
        for (int number = 1; ; number++) {
            try {
                Patience.await(publisher.publish(line(number)));
            } catch (CompletionException e) {
                assertThat(Refused.from(e).code()).isEqualTo(Status.Code.UNAVAILABLE);
                return number;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesAreRefusedHealthSaysSoSubscribersStayAndItGoesOnByItself(FullDisk disk) throws Exception {
        try (var full = disk.make();
                var server = ServerProcess.start("--data", full.directory().toString(), "--publish-rate", "0");
                var publisher = Transport.GRPC_CALLS.connect(server)) {
            Map<Transport, ChatClient> clients = new EnumMap<>(Transport.class);
            List<Feed> feeds = new ArrayList<>();
            for (var transport : Transport.values()) {
                var client = transport.connect(server);
                clients.put(transport, client);
                var feed = client.join("ann", ROOM, Join.getDefaultInstance());
                feed.recovered();
                feeds.add(feed);
            }
            awaitHealth(server, 200, ServingStatus.SERVING);

            full.fill(server);
            var refused = fill(publisher);

            assertThat(refused).as("some were stored before").isGreaterThan(1);
            awaitHealth(server, 503, ServingStatus.NOT_SERVING);
            clients.forEach((transport, client) -> {
                var answer = Refused.by(client.publish(line(refused)));
                assertThat(answer.code()).as("%s", transport).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(answer.reason()).startsWith("history: the message could not be stored");
                if (transport.isDuplex()) {
                    assertThat(answer.retryAfterMillis()).isEqualTo(1_000);
                }
                var page = Patience.await(client.readHistory(
                        "ann", ROOM, ReadHistory.newBuilder().setLimit(5).build()));
                assertThat(page.getMessagesList()).as("reading goes on").isNotEmpty();
            });
            assertThat(feeds).allMatch(Feed::isOpen);

            full.empty(server);
            awaitHealth(server, 200, ServingStatus.SERVING);
            var stored = Patience.await(publisher.publish(line(refused)));
            assertThat(stored.getDuplicate()).as("it was refused, not stored").isFalse();
            for (var feed : feeds) {
                var lines = feed.lines(refused);
                assertThat(lines).extracting(Message::getId).doesNotHaveDuplicates();
                assertThat(lines.get(refused - 1).getSequence()).isEqualTo(stored.getSequence());
                for (int i = 1; i < refused; i++) {
                    assertThat(lines.get(i).getPreviousSequence())
                            .isEqualTo(lines.get(i - 1).getSequence());
                }
                assertThat(feed.isOpen()).isTrue();
            }
            clients.values().forEach(ChatClient::close);
            server.terminate();
            assertThat(server.awaitExit()).isZero();
        }
    }
}

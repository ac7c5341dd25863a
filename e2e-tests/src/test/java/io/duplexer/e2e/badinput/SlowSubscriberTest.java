package io.duplexer.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever does not read is cut off at the byte limit; the others notice nothing. */
class SlowSubscriberTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with("--publish-rate", "0", "--max-queued-bytes", "256KiB");

    /** Some 9 MB: more than the limit and all buffers of the operating system hold. */
    private static final int ENOUGH = 150;

    private final String room = Names.room();

    @AfterEach
    void theNextClientIsServed() {
        StillServing.assertOn(server.process());
    }

    /** Publishes while the slow one does not read. Another reader must get everything meanwhile. */
    private void publishEnough() {
        try (var writer = new GrpcCalls(server.port());
                var reader = new GrpcCalls(server.port())) {
            var feed = reader.join("reader", room, Join.getDefaultInstance());
            feed.recovered();
            for (int i = 0; i < ENOUGH; i++) {
                var response = Patience.await(writer.publish(Message.newBuilder()
                        .setUserId("writer")
                        .setRoom(room)
                        .setContent("x".repeat(60_000))
                        .build()));
                assertThat(feed.line().getSequence()).isEqualTo(response.getSequence());
            }
        }
    }

    @Test
    void aWebSocketThatIsNotReadIsClosedWith3008() {
        try (var slow = new RawWebSocket(server.port(), null)) {
            slow.sendText("{\"user_id\":\"slow\",\"room\":\"" + room + "\",\"join\":{}}");
            assertThat(slow.readFrame().text()).contains("recovered");

            publishEnough();

            assertThat(slow.readClose().closeCode()).isEqualTo(3008);
        }
    }

    @Test
    void aGrpcStreamThatIsNotReadEndsWithResourceExhausted() {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .flowControlWindow(64 * 1024)
                .build();
        try {
            var end = new CompletableFuture<Status>();
            var first = new CompletableFuture<Message>();
            var call = channel.newCall(ChatServiceGrpc.getSubscribeToMessagesMethod(), CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(Message message) {
                            first.complete(message);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            end.complete(status);
                        }
                    },
                    new Metadata());
            call.sendMessage(SubscribeRequest.newBuilder()
                    .setUserId("slow")
                    .setRoom(room)
                    .setJoin(Join.getDefaultInstance())
                    .build());
            call.halfClose();
            call.request(1);
            assertThat(Patience.await(first).hasRecovered()).isTrue();

            publishEnough();

            call.request(ENOUGH);
            var status = Patience.await(end);
            assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(status.getDescription()).startsWith("queue: ").contains("read faster, then resume");
        } finally {
            channel.shutdownNow();
        }
    }
}

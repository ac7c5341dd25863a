package io.duplexer.e2e.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.client.GrpcWebFrames;
import io.duplexer.e2e.client.RawSocket;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.client.WebSocketLink;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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

    private static final String SUBSCRIBE = "/duplexer.chat.v1.ChatService/SubscribeToMessages";

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

    private SubscribeRequest subscription() {
        return SubscribeRequest.newBuilder()
                .setUserId("slow")
                .setRoom(room)
                .setJoin(Join.getDefaultInstance())
                .build();
    }

    private static void assertCutOff(GrpcWebFrames.Frame trailers) {
        assertThat(trailers.trailers()).containsEntry("grpc-status", "8");
        assertThat(trailers.trailers().get("grpc-message")).startsWith("queue: ");
    }

    @Test
    void aBinaryWebSocketThatIsNotReadIsClosedWith3008() {
        try (var slow = new RawWebSocket(server.port(), WebSocketLink.PROTO)) {
            slow.sendBinary(Message.newBuilder()
                    .setUserId("slow")
                    .setRoom(room)
                    .setJoin(Join.getDefaultInstance())
                    .build()
                    .toByteArray());
            assertThat(slow.readFrame().isClose()).isFalse();

            publishEnough();

            assertThat(slow.readClose().closeCode()).isEqualTo(3008);
        }
    }

    @Test
    void aGrpcWebStreamThatIsNotReadEndsWithResourceExhausted() {
        try (var slow = new RawSocket(server.port())) {
            var request = GrpcWebFrames.encode(0, subscription().toByteString());
            slow.writeLines(
                    "POST " + SUBSCRIBE + " HTTP/1.1",
                    "Host: 127.0.0.1:" + server.port(),
                    "Content-Type: application/grpc-web+proto",
                    "Content-Length: " + request.length,
                    "");
            slow.write(request);
            assertThat(slow.readHead()).startsWith("HTTP/1.1 200 ");

            publishEnough();

            var frames = new GrpcWebFrames(false).decode(ByteBuffer.wrap(slow.readBody()));
            assertCutOff(frames.get(frames.size() - 1));
        }
    }

    @Test
    void aGrpcStreamOverWebSocketThatIsNotReadEndsWithResourceExhausted() {
        try (var slow = new RawWebSocket(server.port(), SUBSCRIBE, "grpc-websockets", null)) {
            slow.sendBinary("content-type: application/grpc-web+proto\r\n".getBytes(UTF_8));
            var request = GrpcWebFrames.encode(0, subscription().toByteString());
            slow.sendBinary(ByteBuffer.allocate(1 + request.length)
                    .put((byte) 0)
                    .put(request)
                    .array());
            slow.sendBinary((byte) 1);
            assertThat(slow.readFrame().isClose()).isFalse();

            publishEnough();

            var blocks = new GrpcWebFrames(false);
            var received = new ArrayList<GrpcWebFrames.Frame>();
            for (var frame = slow.readFrame(); !frame.isClose(); frame = slow.readFrame()) {
                received.addAll(blocks.decode(frame.payload().asReadOnlyByteBuffer()));
            }
            assertCutOff(received.get(received.size() - 1));
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
            call.sendMessage(subscription());
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

package io.duplexer.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.UploadSummary;
import io.duplexer.e2e.client.RawSocket;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.client.ResponseFuture;
import io.duplexer.e2e.client.Transport;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits on what one client sends, set low enough to reach. */
class ClientLimitsTest {
    private static final int MAX_MESSAGE_BYTES = 2_000;
    private static final int BURST = 10;

    @RegisterExtension
    static final SharedServer narrow = SharedServer.with(
            "--publish-rate",
            "10",
            "--publish-burst",
            "" + BURST,
            "--max-subscriptions",
            "2",
            "--max-content-bytes",
            "976",
            "--max-message-bytes",
            "" + MAX_MESSAGE_BYTES);

    private static Message line(String room, String content) {
        return Message.newBuilder()
                .setUserId("ann")
                .setRoom(room)
                .setContent(content)
                .build();
    }

    /** A unary call over WebSocket has a connection of its own, and with it a rate. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "GRPC_WEB_SOCKET_CALLS")
    void whoeverPublishesTooFastIsToldResourceExhausted(Transport transport) {
        var room = Names.room();
        try (var client = transport.connect(narrow.process())) {
            client.join("ann", room, Join.getDefaultInstance()).recovered();
            var refusals = new ArrayList<Refused>();
            var taken = 0;
            while (refusals.size() < 3) {
                try {
                    Patience.await(client.publish(line(room, "line").toBuilder()
                            .setId("id" + taken + "-" + refusals.size())
                            .build()));
                    taken++;
                } catch (CompletionException e) {
                    refusals.add(Refused.from(e));
                }
                if (taken < BURST - 1) { // The join is one.
                    assertThat(refusals).as("below the limit").isEmpty();
                }
            }

            assertThat(refusals).allSatisfy(refused -> {
                assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(refused.reason()).startsWith("rate: ");
                if (transport.isDuplex()) {
                    assertThat(refused.retryAfterMillis()).isBetween(1, 100);
                }
            });
        }
        StillServing.assertOn(narrow.process());
    }

    @Test
    void anUploadIsSlowedDownToTheRateAndNothingOfItRefused() {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", narrow.port())
                .usePlaintext()
                .build();
        try {
            var response = new ResponseFuture<UploadSummary>();
            var upload = ChatServiceGrpc.newStub(channel).uploadMessages(response);
            IntStream.range(0, 15).forEach(i -> upload.onNext(line(Names.room(), "line " + i)));
            upload.onCompleted();

            var summary = Patience.await(response.future());
            assertThat(List.of(summary.getStored(), summary.getRefused())).containsExactly(15L, 0L);
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void anUploadThatIsSlowedDownHoldsUpNobodyElseOnItsHttp2Connection() {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", narrow.port())
                .usePlaintext()
                .build();
        try {
            var sent = new AtomicInteger();
            ChatServiceGrpc.newStub(channel).uploadMessages(new Flood(sent));
            // 10 a second are taken, of those that the stream's window lets through.
            var lastSeen = new AtomicInteger(-1);
            await().during(Duration.ofMillis(500))
                    .atMost(Patience.LIMIT)
                    .until(() -> sent.get() > 0 && sent.get() - lastSeen.getAndSet(sent.get()) < 10);

            var answer = new ResponseFuture<HealthCheckResponse>();
            HealthGrpc.newStub(channel).check(HealthCheckRequest.getDefaultInstance(), answer);

            assertThat(Patience.await(answer.future()).getStatus()).isEqualTo(ServingStatus.SERVING);
        } finally {
            channel.shutdownNow();
        }
    }

    /** Sends whatever the connection takes. */
    private record Flood(AtomicInteger sent) implements ClientResponseObserver<Message, UploadSummary> {
        @Override
        public void beforeStart(ClientCallStreamObserver<Message> upload) {
            var message = line(Names.room(), "x".repeat(MAX_MESSAGE_BYTES / 4));
            upload.setOnReadyHandler(() -> {
                while (upload.isReady()) {
                    upload.onNext(message);
                    sent.incrementAndGet();
                }
            });
        }

        @Override
        public void onNext(UploadSummary summary) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }

    /** The content alone cannot be that long: the rest is a field that the server does not know. */
    private static Message ofBytes(String room, int bytes) {
        var line = line(room, "line");
        var prefixBytes = 4;
        var padding = ByteString.copyFrom(new byte[bytes - line.getSerializedSize() - prefixBytes]);
        var unknown = UnknownFieldSet.Field.newBuilder().addLengthDelimited(padding);
        var message = line.toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(99, unknown.build())
                        .build())
                .build();
        assertThat(message.getSerializedSize()).isEqualTo(bytes);
        return message;
    }

    /** In JSON the same message has another length. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "JSON")
    void aMessageAboveTheLimitInBytesIsResourceExhausted(Transport transport) {
        var room = Names.room();
        try (var client = transport.connect(narrow.process())) {
            for (var bytes : List.of(MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES)) {
                assertThat(Patience.await(client.publish(ofBytes(room, bytes))).getSuccess())
                        .isTrue();
            }

            var refused = Refused.by(client.publish(ofBytes(room, MAX_MESSAGE_BYTES + 1)));
            assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.reason())
                    .startsWith(
                            transport == Transport.PROTO
                                    ? "close 1009"
                                    : "message: too long (expected: at most 2000 bytes)");
        }
        StillServing.assertOn(narrow.process());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SendMessage", "SubscribeToMessages"})
    void aBodyWithoutEndIsRefusedBeforeItEnds(String method) {
        var begun = "\0\0\0\377\377" + "\0".repeat(2 * MAX_MESSAGE_BYTES);
        try (var socket = new RawSocket(narrow.port())) {
            socket.writeLines(
                    "POST /ChatService/" + method + " HTTP/1.1",
                    "Host: 127.0.0.1:" + narrow.port(),
                    "Content-Type: application/grpc-web+proto",
                    "Transfer-Encoding: chunked",
                    "",
                    Integer.toHexString(begun.length()),
                    begun);
            assertThat(socket.readResponse()).startsWith("HTTP/1.1 200 ").containsPattern("grpc-status: ?8\r\n");
        }
        StillServing.assertOn(narrow.process());
    }

    @Test
    void theSameLimitHoldsForTheWebSocket() {
        try (var socket = new RawWebSocket(narrow.port(), null)) {
            var message = "{\"user_id\":\"ann\",\"content\":\"hello\"}";
            socket.sendText(message + " ".repeat(MAX_MESSAGE_BYTES - message.length()));
            assertThat(socket.readFrame().text()).contains("hello");
            socket.sendText(message + " ".repeat(MAX_MESSAGE_BYTES + 1 - message.length()));
            assertThat(socket.readClose().closeCode()).isEqualTo(1009);
        }
        StillServing.assertOn(narrow.process());
    }

    /** A server stream is of one room. */
    @ParameterizedTest
    @EnumSource(names = {"GRPC_CHAT", "GRPC_WEB_SOCKET_CHAT", "JSON", "PROTO"})
    void oneStreamMayNotBeInMoreRoomsThanTheLimit(Transport transport) {
        try (var client = transport.connect(narrow.process())) {
            var first = client.join("ann", Names.room(), Join.getDefaultInstance());
            first.recovered();
            client.join("ann", Names.room(), Join.getDefaultInstance()).recovered();

            var refused =
                    client.join("ann", Names.room(), Join.getDefaultInstance()).awaitEnd();

            assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.reason()).contains("at most 2");
            first.leave();
            client.join("ann", Names.room(), Join.getDefaultInstance()).recovered();
        }
    }
}

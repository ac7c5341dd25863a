package io.duplexer.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.UploadSummary;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.client.ResponseFuture;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits on what one client sends, set low enough to reach. */
class ClientLimitsTest {
    private static final int MAX_MESSAGE_BYTES = 1_000;

    @RegisterExtension
    static final SharedServer narrow = SharedServer.with(
            "--publish-rate", "10", "--publish-burst", "3", "--max-subscriptions", "2", "--max-message-bytes", "1000");

    @ParameterizedTest
    @ValueSource(strings = {"gRPC", "WebSocket"})
    void whoeverPublishesTooFastIsToldResourceExhausted(String transport) {
        var room = Names.room();
        try (var client = Transports.connect(narrow.process(), transport)) {
            client.join("ann", room, Join.getDefaultInstance()).recovered();

            var results = IntStream.range(0, 30)
                    .mapToObj(i -> client.publish(Transports.line(room, "line").toBuilder()
                            .setId("id" + i)
                            .build()))
                    .map(sent -> sent.handle((response, failure) -> failure == null ? null : Refused.from(failure)))
                    .toList()
                    .stream()
                    .map(Patience::await)
                    .toList();

            assertThat(results.subList(0, 3)).containsOnlyNulls();
            assertThat(results)
                    .filteredOn(refused -> refused != null)
                    .isNotEmpty()
                    .allSatisfy(refused -> {
                        assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                        assertThat(refused.reason()).startsWith("rate: ");
                        if (transport.equals("WebSocket")) {
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
            IntStream.range(0, 8).forEach(i -> upload.onNext(Transports.line(Names.room(), "line " + i)));
            upload.onCompleted();

            var summary = Patience.await(response.future());
            assertThat(List.of(summary.getStored(), summary.getRefused())).containsExactly(8L, 0L);
        } finally {
            channel.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gRPC", "gRPC-Web"})
    void aMessageAboveTheLimitInBytesIsResourceExhausted(String transport) {
        var room = Names.room();
        var overhead = Transports.line(room, "x".repeat(500)).getSerializedSize() - 500;
        var longest = MAX_MESSAGE_BYTES - overhead;
        try (var client = Transports.connect(narrow.process(), transport)) {
            assertThat(Patience.await(client.publish(Transports.line(room, "x".repeat(longest))))
                            .getSuccess())
                    .isTrue();

            assertThat(Refused.by(client.publish(Transports.line(room, "x".repeat(longest + 1))))
                            .code())
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        }
        StillServing.assertOn(narrow.process());
    }

    @Test
    void theSameLimitHoldsForTheWebSocket() {
        try (var socket = new RawWebSocket(narrow.port(), null)) {
            socket.sendText("{\"user_id\":\"ann\",\"content\":\"hello\"}" + " ".repeat(MAX_MESSAGE_BYTES - 35));
            assertThat(socket.readFrame().text()).contains("hello");
            socket.sendText(" ".repeat(MAX_MESSAGE_BYTES + 1));
            assertThat(socket.readClose().closeCode()).isEqualTo(1009);
        }
        StillServing.assertOn(narrow.process());
    }

    @Test
    void oneConnectionMayNotBeInMoreRoomsThanTheLimit() {
        try (var client = Transports.connect(narrow.process(), "WebSocket")) {
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

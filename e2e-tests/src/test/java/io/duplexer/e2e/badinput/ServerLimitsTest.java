package io.duplexer.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.duplexer.chat.v1.Join;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits on what all clients together take, set low enough to reach. */
class ServerLimitsTest {
    @RegisterExtension
    static final SharedServer small = SharedServer.with("--max-connections", "2", "--max-rooms", "2");

    @Test
    void aConnectionAboveTheLimitIsRefusedUntilOneIsFree() {
        awaitFree();
        try (var first = new RawWebSocket(small.port(), null)) {
            try (var second = new RawWebSocket(small.port(), null)) {
                assertThat(second.handshake()).startsWith("HTTP/1.1 101 ");
                try (var third = new RawWebSocket(small.port(), null)) {
                    assertThat(third.handshake()).startsWith("HTTP/1.1 101 ");
                    var close = third.readClose();
                    assertThat(close.closeCode()).isEqualTo(3501);
                    assertThat(close.closeReason()).startsWith("connections: ");
                }
                for (var transport : List.of("gRPC", "gRPC-Web")) {
                    try (var client = Transports.connect(small.process(), transport)) {
                        var refused = client.join("ann", "", Join.getDefaultInstance())
                                .awaitEnd();
                        assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                        assertThat(refused.reason()).startsWith("connections: ");
                    }
                }
            }
            first.sendText("{\"user_id\":\"ann\",\"content\":\"still here\"}");
            assertThat(first.readFrame().text()).contains("still here");
        }
        awaitFree();
    }

    /** Waits until both connections and the rooms of other tests are free again. */
    private static void awaitFree() {
        await().atMost(Patience.LIMIT).untilAsserted(() -> {
            try (var first = Transports.connect(small.process(), "gRPC");
                    var second = Transports.connect(small.process(), "gRPC")) {
                first.join("ann", "one", Join.getDefaultInstance()).recovered();
                second.join("ann", "two", Join.getDefaultInstance()).recovered();
            }
        });
    }

    @Test
    void aRoomAboveTheLimitIsRefusedAndTheOthersGoOn() {
        awaitFree();
        try (var client = Transports.connect(small.process(), "gRPC")) {
            for (var room : List.of("lobby", "one")) {
                assertThat(Patience.await(client.publish(Transports.line(room, "hello")))
                                .getSuccess())
                        .isTrue();
            }

            var refused = Refused.by(client.publish(Transports.line("three", "hello")));

            assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused.reason()).contains("room");
            assertThat(Patience.await(client.publish(Transports.line("one", "again")))
                            .getSuccess())
                    .isTrue();
        }
    }
}

package io.duplexer.e2e.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.client.WebSocketLink;
import io.duplexer.e2e.support.ServerProcess;
import io.duplexer.e2e.support.SharedServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The chat's own WebSockets through a gateway: they end with it, and count. */
final class ChatSocketsTest {
    @RegisterExtension
    static final SharedServer chat = SharedServer.with();

    private static ServerProcess gateway(String... flags) {
        var all = new String[flags.length + 4];
        System.arraycopy(new String[] {"gateway", "--page", "--upstream", "127.0.0.1:" + chat.port()}, 0, all, 0, 4);
        System.arraycopy(flags, 0, all, 4, flags.length);
        return ServerProcess.start(all);
    }

    private static void hangUp(RawWebSocket socket) {
        socket.close();
    }

    @Test
    void whenTheGatewayStopsTheyAreClosedWith1001AndItEndsLongBeforeTheGracePeriod() {
        try (var gateway = gateway();
                var socket = new RawWebSocket(gateway.port(), WebSocketLink.JSON)) {
            assertThat(socket.handshake()).startsWith("HTTP/1.1 101 ");
            var start = System.nanoTime();

            gateway.terminate();

            assertThat(socket.readClose().closeCode()).isEqualTo(1001);
            hangUp(socket);
            gateway.awaitStop();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
            assertThat(gateway.stderr()).doesNotContain(" WARN ");
        }
    }

    @Test
    void eachCountsAsACall() {
        try (var gateway = gateway("--max-calls", "1");
                var first = new RawWebSocket(gateway.port(), WebSocketLink.JSON)) {
            assertThat(first.handshake()).startsWith("HTTP/1.1 101 ");
            try (var second = new RawWebSocket(gateway.port(), WebSocketLink.JSON)) {
                assertThat(second.handshake()).startsWith("HTTP/1.1 503 ");
            }

            hangUp(first);
            await().untilAsserted(() -> {
                try (var third = new RawWebSocket(gateway.port(), WebSocketLink.JSON)) {
                    assertThat(third.handshake()).startsWith("HTTP/1.1 101 ");
                }
            });
            gateway.assertNoErrors();
        }
    }
}

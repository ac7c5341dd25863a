package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.FIN;
import static io.duplexer.bridge.websocket.Frames.close;
import static io.duplexer.bridge.websocket.Frames.header;
import static io.duplexer.bridge.websocket.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Connections that come and go in every way, {@code -Dduplexer.churn=10000} of them for example. Nothing may be left of
 * any: no session, no connection, no buffer.
 */
@ExtendWith(NoLeaks.class)
@Timeout(300)
final class ChurnTest {
    private static final int CONNECTIONS = Integer.getInteger("duplexer.churn", 1000);

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final WebSocketEndpoint endpoint = WebSocketEndpoint.builder(this::open)
            .config(WebSocketConfig.DEFAULT.withCompression(WebSocketCompression.upTo(10)))
            .build();

    private WebSocketListener open(WebSocketSession session) {
        opened.incrementAndGet();
        session.sendText("welcome");
        return new WebSocketListener() {
            @Override
            public void onText(String text) {
                session.sendText(text);
            }

            @Override
            public void onClosed(CloseStatus status) {
                closed.incrementAndGet();
            }
        };
    }

    @Test
    void nothingIsLeftOverHttp1() throws Exception {
        try (TestServer server = TestServer.of(endpoint)) {
            for (int i = 0; i < CONNECTIONS; i++) {
                try (RawHttp1 connection =
                        RawHttp1.open(server.port(), "Sec-WebSocket-Extensions: permessage-deflate")) {
                    if (i % 2 == 0) {
                        connection.socket().setSoLinger(true, 0); // closes with a reset
                    }
                    visit(connection, i % 7);
                }
            }
            nothingIsLeft();
            await().until(() -> server.server().numConnections() == 0);
        }
    }

    @Test
    void nothingIsLeftOverHttp2() throws Exception {
        try (TestServer server = TestServer.of(endpoint)) {
            for (int i = 0; i < CONNECTIONS; i++) {
                try (RawHttp2 connection = RawHttp2.open(server.port())) {
                    visit(connection, i % 7);
                }
            }
            nothingIsLeft();
            await().until(() -> server.server().numConnections() == 0);
        }
    }

    private static void visit(RawConnection connection, int way) throws IOException {
        switch (way) {
            case 0 -> {} // gone before anything was read
            case 1 -> connection.expectText("welcome");
            case 2 -> connection.send(header(FIN | Frames.TEXT, 1000)); // gone within a frame
            case 3 -> {
                connection.send(Frames.frame(Frames.TEXT, Frames.utf8("gone within a message")));
                connection.expectText("welcome");
            }
            case 4 -> {
                for (int i = 0; i < 100; i++) {
                    connection.send(text("never read"));
                }
            }
            case 5 -> connection.send(Frames.bytes(FIN | 0x70)); // gone after a violation
            default -> {
                connection.expectText("welcome");
                connection.send(close(1000, ""));
                assertThat(connection.expectClose()).isEqualTo(1000);
            }
        }
    }

    private void nothingIsLeft() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(endpoint.openSessions()).isZero();
            assertThat(closed.get()).isEqualTo(opened.get());
        });
        assertThat(opened.get()).isPositive();
    }
}

package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.FIN;
import static io.duplexer.bridge.websocket.Frames.PING;
import static io.duplexer.bridge.websocket.Frames.PONG;
import static io.duplexer.bridge.websocket.Frames.close;
import static io.duplexer.bridge.websocket.Frames.frame;
import static io.duplexer.bridge.websocket.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The engine's own pings, and what does and does not end an idle connection. */
@ExtendWith(NoLeaks.class)
@Timeout(20)
final class PingTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMillis(700);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final RecordingHandler handler = new RecordingHandler();

    private TestServer server(WebSocketConfig config) {
        return TestServer.of(
                WebSocketEndpoint.builder(handler).config(config).build(),
                builder -> builder.idleTimeoutMillis(300).requestTimeoutMillis(300));
    }

    private static void pong(RawConnection connection) throws IOException {
        Frames.Received ping = connection.next();
        assertThat(ping.firstByte()).isEqualTo(FIN | PING);
        connection.send(frame(FIN | PONG, ping.payload()));
    }

    @Test
    void aPeerThatIsSilentAfterAPingIsClosedWith3012() throws Exception {
        try (TestServer server = server(WebSocketConfig.DEFAULT.withPings(SHORT, SHORT));
                RawHttp1 connection = RawHttp1.open(server.port())) {
            pong(connection);
            Frames.Received next = connection.next();
            while (next.opcode() == PING) {
                next = connection.next();
            }
            assertThat(next.closeCode()).isEqualTo(3012);
            assertThat(next.closeReason()).isEqualTo("pong timeout");
            connection.send(close(3012, ""));
            connection.expectEnd();
            assertThat(handler.next().next()).isEqualTo(CloseStatus.PONG_TIMEOUT);
        }
    }

    @Test
    void aPeerThatDoesNotEvenAnswerTheCloseIsCutOff() throws Exception {
        WebSocketConfig config = WebSocketConfig.DEFAULT.withPings(SHORT, SHORT).withCloseTimeout(SHORT);
        try (TestServer server = server(config);
                RawHttp2 connection = RawHttp2.open(server.port())) {
            Frames.Received next = connection.next();
            while (next.opcode() == PING) {
                next = connection.next();
            }
            assertThat(next.closeCode()).isEqualTo(3012);
            connection.expectEnd();
            RecordingHandler.Recorder recorder = handler.next();
            assertThat(recorder.next()).isEqualTo(CloseStatus.PONG_TIMEOUT);
        }
    }

    @Test
    void aPeerThatAnswersStaysAndItsPongsAreNotTold() throws Exception {
        try (TestServer server = server(WebSocketConfig.DEFAULT.withPings(SHORT, LONG));
                RawHttp1 connection = RawHttp1.open(server.port())) {
            for (int i = 0; i < 6; i++) {
                pong(connection);
            }
            connection.send(text("still here"));
            assertThat(handler.next().next()).isEqualTo("still here");
        }
    }

    @Test
    void theAnswerToAPingOfTheApplicationIsToldWhateverItHolds() throws Exception {
        byte[] one = ByteBuffer.allocate(Long.BYTES).putLong(1).array();
        try (TestServer server = server(WebSocketConfig.DEFAULT.withPings(SHORT, LONG));
                RawHttp1 connection = RawHttp1.open(server.port())) {
            pong(connection);
            RecordingHandler.Recorder recorder = handler.next();
            CompletableFuture<Void> sent = recorder.session().sendPing(one);
            while (!sent.isDone() || recorder.pending() == 0) {
                pong(connection);
            }
            assertThat(recorder.next()).isEqualTo(one);
        }
    }

    @Test
    void armeriasTimeoutsLeaveAnIdleSocketAlone() throws Exception {
        try (TestServer server = server(WebSocketConfig.DEFAULT.withPings(Duration.ZERO, LONG));
                RawHttp1 http1 = RawHttp1.open(server.port());
                RawHttp2 http2 = RawHttp2.open(server.port())) {
            WebSocketSession first = handler.next().session();
            WebSocketSession second = handler.next().session();
            await().during(Duration.ofSeconds(1)).until(() -> first.isOpen() && second.isOpen());
            http1.send(close(1000, ""));
            http2.send(close(1000, ""));
            assertThat(http1.expectClose()).isEqualTo(1000);
            assertThat(http2.expectClose()).isEqualTo(1000);
        }
    }

    @Test
    void aForeignClientAnswersThePings() throws Exception {
        try (TestServer server = server(WebSocketConfig.DEFAULT.withPings(SHORT, PATIENCE))) {
            WebSocket client = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + TestServer.PATH), new Listening())
                    .join();
            WebSocketSession session = handler.next().session();
            await().during(PATIENCE.plus(SHORT.multipliedBy(3))).until(session::isOpen);
            client.abort();
        }
    }

    private static final class Listening implements WebSocket.Listener {}

    @Test
    void silenceWhileReadingIsPausedMeansNothing() throws Exception {
        try (TestServer server = server(WebSocketConfig.DEFAULT.withPings(SHORT, PATIENCE));
                RawHttp1 connection = RawHttp1.open(server.port())) {
            RecordingHandler.Recorder recorder = handler.next();
            recorder.session().pauseReading();
            pong(connection); // It answers one ping, so that the next one is judged after twice the patience.
            await().during(PATIENCE.multipliedBy(3)).until(recorder.session()::isOpen);
            recorder.session().abort();
        }
    }

    @Test
    void aHandshakeThatIsNeverFinishedIsClosed() throws Exception {
        try (TestServer server = server(WebSocketConfig.DEFAULT);
                RawHttp1 connection = RawHttp1.connect(server.port())) {
            connection.send(Frames.utf8(RawHttp1.request().substring(0, 60)));
            connection.expectEnd();
        }
    }
}

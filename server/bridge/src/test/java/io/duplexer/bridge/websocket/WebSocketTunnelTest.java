package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.websocket.WebSocketClient;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets through a tunnel are those of the server at its end. */
@ExtendWith(NoLeaks.class)
@Timeout(20)
final class WebSocketTunnelTest {
    private TestServer target;
    private TestServer tunnel;

    @BeforeEach
    void start() {
        target = TestServer.of(WebSocketEndpoint.builder(EchoListener::new)
                .subprotocols("chosen")
                .config(WebSocketConfig.DEFAULT
                        .withCompression(WebSocketCompression.upTo(10))
                        .withMaxMessageBytes(1000))
                .build());
        var client = WebClient.of("h2c://127.0.0.1:" + target.port());
        tunnel = TestServer.of(WebSocketTunnel.to(
                (ctx, request) -> client.execute(request),
                (ctx, request) -> HttpResponse.of(HttpStatus.NOT_IMPLEMENTED),
                OriginPolicy.sameOrigin()));
    }

    @AfterEach
    void stop() {
        tunnel.close();
        target.close();
    }

    private CompletableFuture<java.net.http.WebSocket> open(Recorder recorder, String... headers) {
        var builder = HttpClient.newHttpClient().newWebSocketBuilder().subprotocols("other", "chosen");
        for (var i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.buildAsync(URI.create("ws://127.0.0.1:" + tunnel.port() + TestServer.PATH), recorder);
    }

    @Test
    void messagesSubprotocolAndCloseCodesAreTheTargets() {
        var recorder = new Recorder();
        var socket = open(recorder).join();

        assertThat(socket.getSubprotocol()).isEqualTo("chosen");
        socket.sendText("hello", true).join();
        assertThat(recorder.text.join()).isEqualTo("hello");
        socket.sendText("x".repeat(1001), true).join();
        assertThat(recorder.closed.join()).isEqualTo(1009);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1c", "h2c"})
    void bothWaysOfAskingForAWebSocketWork(String protocol) {
        var session = WebSocketClient.of("ws+" + protocol + "://127.0.0.1:" + tunnel.port())
                .connect(TestServer.PATH)
                .join();
        var writer = session.outbound();
        var echoed = new CompletableFuture<String>();
        var unused =
                session.inbound().peek(frame -> echoed.complete(frame.text())).subscribe();
        writer.write("hello");

        assertThat(echoed.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("hello");
        writer.close();
    }

    @Test
    void foreignPagesAreRefusedHere() {
        assertThatThrownBy(() -> open(new Recorder(), "Origin", "http://elsewhere.example")
                        .join())
                .hasStackTraceContaining("Unexpected HTTP response status code 403");
    }

    @Test
    void whatAsksForNoWebSocketIsTheFallbacks() {
        assertThat(WebClient.of("http://127.0.0.1:" + tunnel.port())
                        .get(TestServer.PATH)
                        .aggregate()
                        .join()
                        .status())
                .isEqualTo(HttpStatus.NOT_IMPLEMENTED);
    }

    @Test
    void aTargetThatRefusesIsHeard() {
        target.close();
        var refusing = TestServer.of((ctx, request) -> HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE));
        var client = WebClient.of("h2c://127.0.0.1:" + refusing.port());
        try (var other = TestServer.of(WebSocketTunnel.to(
                (ctx, request) -> client.execute(request),
                (ctx, request) -> HttpResponse.of(HttpStatus.NOT_IMPLEMENTED),
                OriginPolicy.sameOrigin()))) {
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .newWebSocketBuilder()
                            .buildAsync(URI.create("ws://127.0.0.1:" + other.port() + TestServer.PATH), new Recorder())
                            .join())
                    .hasStackTraceContaining("Unexpected HTTP response status code 503");
        } finally {
            refusing.close();
        }
    }

    private static final class Recorder implements java.net.http.WebSocket.Listener {
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(java.net.http.WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(java.net.http.WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedFuture(null);
        }
    }
}

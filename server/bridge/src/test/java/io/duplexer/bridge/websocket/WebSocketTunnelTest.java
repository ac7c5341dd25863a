package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.FIN;
import static io.duplexer.bridge.websocket.Frames.TEXT;
import static io.duplexer.bridge.websocket.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.websocket.WebSocketClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
    private static final Duration GRACE = Duration.ofSeconds(10);

    private TestServer target;
    private WebSocketTunnel service;
    private TestServer tunnel;

    @BeforeEach
    void start() {
        target = TestServer.of(WebSocketEndpoint.builder(EchoListener::new)
                .subprotocols("chosen")
                .config(WebSocketConfig.DEFAULT
                        .withCompression(WebSocketCompression.upTo(10))
                        .withMaxMessageBytes(1000))
                .build());
        service = service(target);
        tunnel = serve(service);
    }

    private static WebSocketTunnel service(TestServer target) {
        var client = WebClient.of("h2c://127.0.0.1:" + target.port());
        return WebSocketTunnel.to(
                (ctx, request) -> client.execute(request),
                (ctx, request) -> HttpResponse.of(HttpStatus.NOT_IMPLEMENTED),
                OriginPolicy.sameOrigin());
    }

    private static TestServer serve(HttpService service) {
        return TestServer.of(service, builder -> builder.gracefulShutdownTimeout(Duration.ofMillis(100), GRACE));
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
        try (var other = serve(service(refusing))) {
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .newWebSocketBuilder()
                            .buildAsync(URI.create("ws://127.0.0.1:" + other.port() + TestServer.PATH), new Recorder())
                            .join())
                    .hasStackTraceContaining("Unexpected HTTP response status code 503");
        } finally {
            refusing.close();
        }
    }

    @Test
    void theTargetLearnsTheClientsAddress() throws Exception {
        var seen = new CompletableFuture<List<String>>();
        try (var other = TestServer.of((ctx, request) -> {
                    seen.complete(request.headers().getAll(HttpHeaderNames.X_FORWARDED_FOR));
                    return HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE);
                });
                var before = serve(service(other));
                var client = RawHttp1.connect(before.port())) {
            assertThat(client.exchange(RawHttp1.request("X-Forwarded-For: 192.0.2.1")))
                    .startsWith("HTTP/1.1 503 ");
            assertThat(seen.get(10, TimeUnit.SECONDS)).containsExactly("192.0.2.1", "127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStopOfTheServerIsToldWith1001AndTakesNoLongerThanThat(boolean http2) throws Exception {
        try (var client = http2 ? RawHttp2.open(tunnel.port()) : RawHttp1.open(tunnel.port())) {
            client.send(text("hello"));
            client.expectText("hello");

            var start = System.nanoTime();
            service.goAway();
            var stopped = tunnel.server().stop();
            assertThat(client.expectClose()).isEqualTo(1001);
            hangUp(client);
            stopped.join(); // Two seconds are Netty's.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(GRACE.dividedBy(2));
        }
    }

    /** As a client does that has got its Close frame. */
    private static void hangUp(RawConnection client) throws IOException {
        client.close();
    }

    @Test
    void aFrameThatIsOnItsWayPassesBeforeTheClose() throws Exception {
        var answer = HttpResponse.streaming();
        answer.write(ResponseHeaders.of(HttpStatus.OK));
        var contexts = new CompletableFuture<ServiceRequestContext>();
        var first = Frames.unmasked(FIN | TEXT, Frames.repeated('x', 300));
        var half = 100;
        target.close();
        target = TestServer.of((ctx, request) -> answer);
        var played = service(target);
        try (var before = serve(played.decorate((delegate, ctx, request) -> {
                    contexts.complete(ctx);
                    return delegate.serve(ctx, request);
                }));
                var client = RawHttp1.open(before.port())) {
            answer.write(HttpData.copyOf(first, 0, half));
            assertThat(client.in().readNBytes(half)).isEqualTo(Arrays.copyOf(first, half));
            played.goAway();
            contexts.join().eventLoop().withoutContext().submit(() -> {}).get();

            answer.write(HttpData.wrap(Frames.concat(
                    Arrays.copyOfRange(first, half, first.length), Frames.unmasked(FIN | TEXT, Frames.utf8("late")))));
            assertThat(client.in().readNBytes(first.length - half))
                    .isEqualTo(Arrays.copyOfRange(first, half, first.length));
            assertThat(client.expectClose()).isEqualTo(1001);
        }
    }

    @Test
    void whatOpensWhenTheServerIsStoppingIsClosedAtOnce() throws Exception {
        service.goAway();
        try (var client = RawHttp1.open(tunnel.port())) {
            assertThat(client.expectClose()).isEqualTo(1001);
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

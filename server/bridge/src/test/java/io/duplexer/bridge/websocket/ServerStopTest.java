package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.close;
import static io.duplexer.bridge.websocket.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions and the servers they are on. */
@ExtendWith(NoLeaks.class)
@Timeout(30)
final class ServerStopTest {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final RecordingHandler handler = new RecordingHandler();
    private final WebSocketEndpoint endpoint = WebSocketEndpoint.builder(handler)
            .config(WebSocketConfig.DEFAULT.withStopTimeout(STOP_TIMEOUT))
            .build();

    private TestServer server(Duration grace) {
        return TestServer.of(
                endpoint,
                builder -> builder.gracefulShutdownTimeout(grace.dividedBy(20), grace)
                        .service("/too", endpoint));
    }

    private static void expectGoingAway(RawConnection connection) throws IOException {
        Frames.Received close = connection.next();
        assertThat(close.closeCode()).isEqualTo(1001);
        assertThat(close.closeReason()).isEqualTo("going away");
        connection.expectEnd();
        hangUp(connection);
    }

    /** Lets go of the connection before the test is over, as a client does that has got its Close frame. */
    private static void hangUp(RawConnection connection) throws IOException {
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStopClosesEverySessionWith1001(boolean graceful) throws Exception {
        try (TestServer server = server(graceful ? GRACE : Duration.ZERO);
                RawHttp1 http1 = RawHttp1.open(server.port());
                RawHttp1 tls = RawHttp1.connectTls(server.tlsPort()).upgrade();
                RawHttp2 http2 = RawHttp2.open(server.port())) {
            await().until(() -> endpoint.openSessions() == 3);
            CompletableFuture<Void> stopped = server.server().stop();
            expectGoingAway(http1);
            expectGoingAway(tls);
            expectGoingAway(http2);
            for (int i = 0; i < 3; i++) {
                assertThat(handler.next().next()).isEqualTo(CloseStatus.GOING_AWAY);
            }
            stopped.join();
            assertThat(endpoint.openSessions()).isZero();
        }
    }

    @Test
    void aPeerThatDoesNotCloseDelaysTheStopByTheStopTimeoutAtMost() throws Exception {
        try (TestServer server = server(Duration.ZERO);
                RawHttp1 connection = RawHttp1.open(server.port())) {
            handler.next();
            long start = System.nanoTime();
            CompletableFuture<Void> stopped = server.server().stop();
            assertThat(connection.next().closeCode()).isEqualTo(1001);
            stopped.join(); // two more seconds are Netty's
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
        }
    }

    @Test
    void aPeerThatDoesNotCloseKeepsNobodyOfAnotherEndpointFromBeingTold() throws Exception {
        WebSocketEndpoint another = WebSocketEndpoint.builder(EchoListener::new).build();
        try (TestServer server = TestServer.of(
                        endpoint,
                        builder -> builder.gracefulShutdownTimeout(GRACE.dividedBy(20), GRACE)
                                .service("/another", another));
                RawHttp1 deaf = RawHttp1.open(server.port());
                RawHttp1 quick = RawHttp1.connect(server.port())) {
            assertThat(quick.exchange(RawHttp1.request().replaceFirst(TestServer.PATH, "/another")))
                    .startsWith("HTTP/1.1 101 ");
            handler.next();
            CompletableFuture<Void> stopped = server.server().stop();
            assertThat(deaf.next().closeCode()).isEqualTo(1001); // and does not answer it
            long told = System.nanoTime();
            assertThat(quick.next().closeCode()).isEqualTo(1001);
            assertThat(Duration.ofNanos(System.nanoTime() - told))
                    .isLessThan(WebSocketConfig.DEFAULT.stopTimeout().dividedBy(2));
            hangUp(quick);
            hangUp(deaf);
            stopped.join();
        }
    }

    @Test
    void handshakesWhileStoppingAreAnsweredWith503() throws Exception {
        try (TestServer server = server(GRACE);
                RawHttp1 open = RawHttp1.open(server.port());
                RawHttp1 early = RawHttp1.connect(server.port())) {
            handler.next();
            long start = System.nanoTime();
            CompletableFuture<Void> stopped = server.server().stop();
            assertThat(open.next().closeCode()).isEqualTo(1001);
            assertThat(early.exchange(RawHttp1.request())).startsWith("HTTP/1.1 503 ");
            hangUp(open);
            stopped.join(); // The refused handshake does not hold it up.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(GRACE);
        }
    }

    @Test
    void oneServersStopLeavesAnothersSessionsAlone() throws Exception {
        try (TestServer stopping = server(Duration.ZERO);
                TestServer staying = server(Duration.ZERO);
                RawHttp1 closed = RawHttp1.open(stopping.port());
                RawHttp1 open = RawHttp1.open(staying.port())) {
            RecordingHandler.Recorder first = handler.next();
            RecordingHandler.Recorder second = handler.next();
            CompletableFuture<Void> stopped = stopping.server().stop();
            expectGoingAway(closed);
            open.send(text("still open"));
            assertThat(List.of(first.next(), second.next()))
                    .containsExactlyInAnyOrder(CloseStatus.GOING_AWAY, "still open");
            stopped.join();
        }
    }

    @Test
    void aServerThatStartsAgainAcceptsAgain() throws Exception {
        try (TestServer server = server(Duration.ZERO)) {
            server.server().stop().join();
            server.server().start().join();
            try (RawHttp1 connection = RawHttp1.open(server.port())) {
                handler.next();
                CompletableFuture<Void> stopped = server.server().stop();
                expectGoingAway(connection);
                stopped.join();
            }
        }
    }

    @Test
    void allSessionsCanBeClosedWithAnyStatus() throws Exception {
        try (TestServer server = server(Duration.ZERO);
                RawHttp1 http1 = RawHttp1.open(server.port());
                RawHttp2 http2 = RawHttp2.open(server.port())) {
            await().until(() -> endpoint.openSessions() == 2);
            CompletableFuture<Void> closed = endpoint.closeAll(new CloseStatus(3500, "for good"));
            for (RawConnection connection : new RawConnection[] {http1, http2}) {
                assertThat(connection.next().closeCode()).isEqualTo(3500);
                connection.send(close(3500, ""));
                connection.expectEnd();
                hangUp(connection);
            }
            closed.join();
            assertThat(endpoint.openSessions()).isZero();
        }
    }
}

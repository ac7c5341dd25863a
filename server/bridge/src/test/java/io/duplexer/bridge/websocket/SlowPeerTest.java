package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.FIN;
import static io.duplexer.bridge.websocket.Frames.PING;
import static io.duplexer.bridge.websocket.Frames.PONG;
import static io.duplexer.bridge.websocket.Frames.close;
import static io.duplexer.bridge.websocket.Frames.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.server.ServerBuilder;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that read slowly, where no limit of the queue cuts them off: they have all the time that they take. */
@ExtendWith(NoLeaks.class)
@Timeout(30)
final class SlowPeerTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final int SOCKET_BUFFER = 32 * 1024;
    private static final WebSocketConfig WAITING = WebSocketConfig.DEFAULT
            .withMaxQueuedBytes(Integer.MAX_VALUE)
            .withPings(SHORT, SHORT)
            .withCloseTimeout(SHORT);

    private final RecordingHandler handler = new RecordingHandler();

    enum Http {
        ONE,
        TWO;

        /** A connection that reads nothing until the returned action is run. */
        Deaf open(int port) throws Exception {
            if (this == TWO) {
                RawHttp2 connection = RawHttp2.openDeaf(port);
                return new Deaf(connection, connection::startReading);
            }
            Socket socket = new Socket();
            socket.setReceiveBufferSize(SOCKET_BUFFER);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new Deaf(new RawHttp1(socket).upgrade(), () -> {});
        }
    }

    private record Deaf(RawConnection connection, Runnable startReading) {}

    private TestServer server(WebSocketConfig config) {
        return TestServer.of(WebSocketEndpoint.builder(handler).config(config).build(), SlowPeerTest::smallBuffers);
    }

    private static void smallBuffers(ServerBuilder builder) {
        builder.childChannelOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER).http2InitialStreamWindowSize(128 * 1024);
    }

    /** Sends until nothing is taken any more, and returns how many messages that were. */
    private static int fill(WebSocketSession session) {
        AtomicInteger sent = new AtomicInteger();
        await().during(SHORT).until(() -> {
            int before = sent.get();
            while (session.isWritable()) {
                session.sendBinary(new byte[16 * 1024]);
                sent.incrementAndGet();
            }
            return sent.get() == before;
        });
        return sent.get();
    }

    /** Reads so many messages, and answers the pings between them. */
    private static void read(RawConnection connection, int messages) throws Exception {
        for (int i = 0; i < messages; ) {
            Frames.Received frame = connection.next();
            if (frame.opcode() == PING) {
                connection.send(frame(FIN | PONG, frame.payload()));
            } else {
                assertThat(frame.firstByte()).isEqualTo(FIN | Frames.BINARY);
                i++;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyAPeerThatHasReadEverythingIsSilent(Http http) throws Exception {
        try (TestServer server = server(WAITING)) {
            Deaf deaf = http.open(server.port());
            try (RawConnection connection = deaf.connection()) {
                WebSocketSession session = handler.next().session();
                int sent = fill(session);
                await().during(SHORT.multipliedBy(6)).until(session::isOpen);

                deaf.startReading().run();
                read(connection, sent);
                Frames.Received next = connection.next();
                for (int pings = 0; pings < 200 && next.opcode() == PING; pings++) {
                    if (pings % 10 == 0) { // The first ones may be from before, and do not tell that all has been read.
                        connection.send(frame(FIN | PONG, next.payload()));
                    }
                    next = connection.next();
                }
                assertThat(next.closeCode()).isEqualTo(3012);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndWaitsUntilItIsReached(Http http) throws Exception {
        try (TestServer server = server(WAITING.withPings(Duration.ZERO, SHORT))) {
            Deaf deaf = http.open(server.port());
            try (RawConnection connection = deaf.connection()) {
                RecordingHandler.Recorder recorder = handler.next();
                WebSocketSession session = recorder.session();
                int sent = fill(session);
                session.close();
                await().during(SHORT.multipliedBy(5)).until(() -> session.queuedBytes() > 0);

                deaf.startReading().run();
                read(connection, sent);
                assertThat(connection.next().closeCode()).isEqualTo(1000);
                connection.send(close(1000, ""));
                connection.expectEnd();
                assertThat(recorder.nextButWritable()).isEqualTo(CloseStatus.NORMAL);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatHasReadTheEndMustAnswerIt(Http http) throws Exception {
        try (TestServer server = server(WAITING.withPings(Duration.ZERO, SHORT))) {
            Deaf deaf = http.open(server.port());
            try (RawConnection connection = deaf.connection()) {
                WebSocketSession session = handler.next().session();
                int sent = fill(session);
                session.close();
                deaf.startReading().run();
                read(connection, sent);
                assertThat(connection.next().closeCode()).isEqualTo(1000);
                connection.expectEnd();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatStopsWaitsForNobody(Http http) throws Exception {
        CompletableFuture<WebSocketSession> opened = new CompletableFuture<>();
        WebSocketEndpoint endpoint = WebSocketEndpoint.builder(session -> {
                    opened.complete(session);
                    return new WebSocketListener() {
                        @Override
                        public void onServerStopping() {
                            session.close(); // In order, which would wait for a slow reader.
                        }
                    };
                })
                .config(WAITING)
                .build();
        Duration grace = Duration.ofSeconds(15);
        try (TestServer server = TestServer.of(endpoint, builder -> {
            smallBuffers(builder);
            builder.gracefulShutdownTimeout(SHORT, grace);
        })) {
            CompletableFuture<Void> stopped;
            Deaf deaf = http.open(server.port());
            try (RawConnection connection = deaf.connection()) {
                WebSocketSession session = opened.join();
                fill(session);
                long start = System.nanoTime();
                stopped = server.server().stop();
                await().until(() -> endpoint.openSessions() == 0 && session.queuedBytes() == 0);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(grace.dividedBy(2));
                deaf.startReading().run();
                connection.next(); // What had arrived.
            }
            stopped.join();
        }
    }
}

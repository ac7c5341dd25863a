package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.FIN;
import static io.duplexer.bridge.websocket.Frames.PING;
import static io.duplexer.bridge.websocket.Frames.close;
import static io.duplexer.bridge.websocket.Frames.frame;
import static io.duplexer.bridge.websocket.Frames.text;
import static io.duplexer.bridge.websocket.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bounded both ways: a peer that does not read is closed, and a peer that is not read has to wait. */
@ExtendWith(NoLeaks.class)
@Timeout(30)
final class BackpressureTest {
    private static final int SOCKET_BUFFER = 16 * 1024;
    private static final int PAUSE_SOCKET_BUFFER = 128 * 1024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);
    private static final int MAX_QUEUED = 256 * 1024;
    private static final byte[] MESSAGE = new byte[16 * 1024];

    private static final RecordingHandler handler = new RecordingHandler();
    private static TestServer server;

    @BeforeAll
    static void start() {
        WebSocketConfig config =
                WebSocketConfig.DEFAULT.withMaxQueuedBytes(MAX_QUEUED).withCloseTimeout(CLOSE_TIMEOUT);
        server = TestServer.of(
                WebSocketEndpoint.builder(handler).config(config).build(),
                builder -> builder.childChannelOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
                        .childChannelOption(ChannelOption.SO_RCVBUF, PAUSE_SOCKET_BUFFER)
                        .http2InitialStreamWindowSize(128 * 1024));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A connection whose own receive buffer is small, so that the server stalls soon. */
    private static RawHttp1 openSmall() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SOCKET_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        return new RawHttp1(socket).upgrade();
    }

    private static byte[] numbered(int number) {
        byte[] message = MESSAGE.clone();
        ByteBuffer.wrap(message).putInt(number);
        return message;
    }

    @Test
    void overHttp1APeerThatDoesNotReadIsClosedWith3008() throws Exception {
        try (RawHttp1 slow = openSmall()) {
            slowPeerIsClosed(slow, () -> {});
        }
    }

    @Test
    void overHttp2APeerThatDoesNotReadIsClosedWith3008() throws Exception {
        try (RawHttp2 slow = RawHttp2.openDeaf(server.port())) {
            slowPeerIsClosed(slow, slow::startReading);
        }
    }

    private static void slowPeerIsClosed(RawConnection slow, Runnable startReading) throws Exception {
        RecordingHandler.Recorder recorder = handler.next();
        WebSocketSession session = recorder.session();
        int sent = 0;
        CompletableFuture<Void> last = session.sendBinary(numbered(sent));
        while (!last.isCompletedExceptionally()) {
            sent++;
            last = session.sendBinary(numbered(sent));
            assertThat(session.queuedBytes()).isLessThanOrEqualTo(MAX_QUEUED);
        }
        assertThat(session.isOpen()).isFalse();
        assertThat(session.isWritable()).isFalse();

        // Another session is not disturbed.
        try (RawHttp1 other = RawHttp1.open(server.port())) {
            handler.next().session().sendText("undisturbed");
            other.expectText("undisturbed");
        }

        // What was queued still comes, in order, and then the reason.
        startReading.run();
        for (int i = 0; i < sent; i++) {
            assertThat(ByteBuffer.wrap(slow.next().payload()).getInt()).isEqualTo(i);
        }
        assertThat(slow.next().closeCode()).isEqualTo(3008);
        slow.send(close(3008, ""));
        slow.expectEnd();
        assertThat(recorder.nextButWritable()).isEqualTo(CloseStatus.SLOW_CONSUMER);
    }

    @Test
    void oneMessageAboveTheLimitFindsRoomInAnEmptyQueue() throws Exception {
        byte[] large = new byte[3 * MAX_QUEUED];
        try (RawHttp1 connection = RawHttp1.open(server.port())) {
            CompletableFuture<Void> sent = handler.next().session().sendBinary(large);
            assertThat(connection.next().payload()).isEqualTo(large);
            sent.join();
        }
    }

    /** Sends until the socket takes no more either, and returns how many messages that were. */
    private static int fill(WebSocketSession session) {
        AtomicInteger sent = new AtomicInteger();
        await().during(Duration.ofMillis(300)).until(() -> {
            int before = sent.get();
            while (session.isWritable()) {
                session.sendBinary(MESSAGE);
                sent.incrementAndGet();
            }
            return sent.get() == before;
        });
        return sent.get();
    }

    @Test
    void writabilityComesBack() throws Exception {
        try (RawHttp1 connection = openSmall()) {
            RecordingHandler.Recorder recorder = handler.next();
            WebSocketSession session = recorder.session();
            assertThat(session.isWritable()).isTrue();
            int sent = fill(session);
            assertThat(session.queuedBytes()).isGreaterThan(64 * 1024);
            while (recorder.pending() > 0) {
                assertThat(recorder.next()).isEqualTo(RecordingHandler.Recorder.WRITABLE); // From before it was full.
            }
            for (int i = 0; i < sent; i++) {
                connection.next();
            }
            assertThat(recorder.next()).isEqualTo(RecordingHandler.Recorder.WRITABLE);
            assertThat(session.isWritable()).isTrue();
            assertThat(session.isOpen()).isTrue();
        }
    }

    @Test
    void writabilityComesBackAfterWhatIsSentWhenASendIsDone() throws Exception {
        byte[] large = new byte[8 * 1024 * 1024];
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        WebSocketEndpoint endpoint = WebSocketEndpoint.builder(session -> {
                    CompletableFuture<Void> unused =
                            session.sendBinary(large).thenCompose(done -> session.sendBinary(large));
                    return new WebSocketListener() {
                        @Override
                        public void onWritable() {
                            drained.complete(session.isWritable());
                        }
                    };
                })
                .build();
        try (TestServer sending = TestServer.of(endpoint);
                RawHttp1 connection = RawHttp1.open(sending.port())) {
            for (int i = 0; i < 2; i++) {
                assertThat(connection.next().payload()).isEqualTo(large);
            }
            assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void manyPingsOfAPeerThatDoesNotReadAreAnsweredWithTheLatestPong() throws Exception {
        try (RawHttp1 connection = openSmall()) {
            RecordingHandler.Recorder recorder = handler.next();
            WebSocketSession session = recorder.session();
            int sent = fill(session);
            long queued = session.queuedBytes();
            for (int i = 0; i < 1000; i++) {
                connection.send(frame(FIN | PING, utf8("ping " + i)));
            }
            connection.send(text("behind the pings"));
            assertThat(recorder.nextButWritable()).isEqualTo("behind the pings");
            assertThat(session.queuedBytes()).isLessThanOrEqualTo(queued);
            for (int i = 0; i < sent; i++) {
                connection.next();
            }
            assertThat(connection.next().text()).isEqualTo("ping 999");
        }
    }

    @Test
    void overHttp1APausedPeerHasToWait() throws Exception {
        Socket socket = new Socket();
        socket.setSendBufferSize(PAUSE_SOCKET_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        try (RawHttp1 connection = new RawHttp1(socket).upgrade()) {
            pausedPeerWaits(connection::send);
        }
    }

    @Test
    void overHttp2APausedPeerHasToWait() throws Exception {
        try (RawHttp2 connection = RawHttp2.open(server.port())) {
            pausedPeerWaits(connection::sendAndWait);
        }
    }

    /** Pauses reading, and waits until that has taken effect. */
    private static void pause(WebSocketSession session) throws Exception {
        session.pauseReading();
        session.context().eventLoop().withoutContext().submit(() -> {}).get();
    }

    @FunctionalInterface
    private interface Sender {
        void send(byte[] bytes) throws IOException;
    }

    private static void pausedPeerWaits(Sender sender) throws Exception {
        int messages = 256;
        RecordingHandler.Recorder recorder = handler.next();
        pause(recorder.session());
        AtomicInteger sent = new AtomicInteger();
        Thread peer = new Thread(() -> {
            try {
                for (int i = 0; i < messages; i++) {
                    sender.send(Frames.binary(numbered(i)));
                    sent.incrementAndGet();
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        peer.start();
        AtomicInteger lastSeen = new AtomicInteger(-1);
        await().during(Duration.ofMillis(500)).until(() -> lastSeen.getAndSet(sent.get()) == sent.get());
        assertThat(sent.get() * MESSAGE.length).isLessThan(messages * MESSAGE.length / 2);
        assertThat(recorder.pending()).isZero();

        recorder.session().resumeReading();
        for (int i = 0; i < messages; i++) {
            assertThat(ByteBuffer.wrap((byte[]) recorder.next()).getInt()).isEqualTo(i);
        }
        peer.join();
    }

    @Test
    void pausingWithinAMessageHoldsTheNextOne() throws Exception {
        WebSocketEndpoint endpoint = WebSocketEndpoint.builder(session -> {
                    RecordingHandler.Recorder recorder = (RecordingHandler.Recorder) handler.onOpen(session);
                    return new WebSocketListener() {
                        @Override
                        public void onText(String text) {
                            session.pauseReading();
                            recorder.onText(text);
                        }
                    };
                })
                .build();
        try (TestServer pausing = TestServer.of(endpoint);
                RawHttp1 connection = RawHttp1.open(pausing.port())) {
            RecordingHandler.Recorder recorder = handler.next();
            connection.send(Frames.concat(text("1"), text("2"), frame(FIN | PING, utf8("3"))));
            assertThat(recorder.next()).isEqualTo("1");
            await().during(Duration.ofMillis(100)).until(() -> recorder.pending() == 0);
            recorder.session().resumeReading();
            assertThat(recorder.next()).isEqualTo("2");
            recorder.session().resumeReading();
            assertThat(connection.next().text()).isEqualTo("3");
            recorder.session().abort();
        }
    }

    @Test
    void closingResumesReadingToHearTheAnswer() throws Exception {
        try (RawHttp1 connection = RawHttp1.open(server.port())) {
            RecordingHandler.Recorder recorder = handler.next();
            pause(recorder.session());
            connection.send(Frames.concat(text("held"), close(4002, "the answer")));
            recorder.session().close(4001, "");
            assertThat(connection.next().closeCode()).isEqualTo(4001);
            long start = System.nanoTime();
            connection.expectEnd();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CLOSE_TIMEOUT.dividedBy(2));
            assertThat(recorder.next()).isEqualTo(new CloseStatus(4001, ""));
        }
    }

    @Test
    void aPausedPeerThatVanishesIsNoticed() throws Exception {
        RecordingHandler.Recorder first;
        RecordingHandler.Recorder second;
        try (RawHttp1 http1 = RawHttp1.open(server.port());
                RawHttp2 http2 = RawHttp2.open(server.port())) {
            first = handler.next();
            second = handler.next();
            pause(first.session());
            pause(second.session());
            http1.send(text("never read"));
            http2.send(text("never read"));
        }
        assertThat(first.next()).isEqualTo(CloseStatus.ABNORMAL);
        assertThat(second.next()).isEqualTo(CloseStatus.ABNORMAL);
    }

    @Test
    void aPausedPeerThatVanishesBehindItsCloseFrameIsNoticed() throws Exception {
        RawHttp1 opened = RawHttp1.open(server.port());
        RecordingHandler.Recorder first = handler.next();
        RawHttp2 openedToo = RawHttp2.open(server.port());
        RecordingHandler.Recorder second = handler.next();
        try (RawHttp1 http1 = opened;
                RawHttp2 http2 = openedToo) {
            pause(first.session());
            pause(second.session());
            http1.send(close(4001, ""));
            http2.send(close(4001, ""));
            await().during(Duration.ofMillis(300))
                    .until(() -> first.session().isOpen() && second.session().isOpen());
        }
        assertThat(first.next()).isIn(CloseStatus.ABNORMAL, new CloseStatus(4001, ""));
        assertThat(second.next()).isIn(CloseStatus.ABNORMAL, new CloseStatus(4001, ""));
    }
}

package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.FIN;
import static io.duplexer.bridge.websocket.Frames.PING;
import static io.duplexer.bridge.websocket.Frames.PONG;
import static io.duplexer.bridge.websocket.Frames.close;
import static io.duplexer.bridge.websocket.Frames.frame;
import static io.duplexer.bridge.websocket.Frames.text;
import static io.duplexer.bridge.websocket.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** What {@link WebSocketSession} and {@link WebSocketListener} promise to an application, on both transports. */
@ExtendWith(NoLeaks.class)
@Timeout(20)
final class SessionTest {
    enum Http {
        ONE,
        TWO
    }

    private static final RecordingHandler handler = new RecordingHandler();
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.of(
                WebSocketEndpoint.builder(handler).build(),
                builder -> builder.service("/failing-open", failing()).service("/deaf", deaf()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static WebSocketEndpoint failing() {
        return WebSocketEndpoint.builder(session -> {
                    throw new IllegalStateException("a secret");
                })
                .build();
    }

    private static WebSocketEndpoint deaf() {
        return WebSocketEndpoint.builder(session -> new WebSocketListener() {
                    @Override
                    public void onText(String text) {
                        throw new IllegalStateException("a secret");
                    }
                })
                .build();
    }

    private static RawConnection open(Http http) throws Exception {
        return http == Http.ONE ? RawHttp1.open(server.port()) : RawHttp2.open(server.port());
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfSendArrivesInOrder(Http http) throws Exception {
        try (RawConnection connection = open(http)) {
            WebSocketSession session = handler.next().session();
            List<CompletableFuture<Void>> sent = List.of(
                    session.sendText("text"),
                    session.sendBinary(utf8("bytes")),
                    session.sendBinary(ByteBuffer.wrap(utf8("a buffer"), 2, 6)),
                    session.sendBinary(Unpooled.wrappedBuffer(utf8("Netty's"))),
                    session.sendBinary(Unpooled.wrappedBuffer(utf8("long".repeat(5000)))),
                    session.send(PreparedMessage.text("prepared")),
                    session.send(PreparedMessage.text(utf8("utf-8"))),
                    session.send(PreparedMessage.binary(utf8("binary"))),
                    session.sendPing(utf8("ping")),
                    session.sendText("last"));
            Stream<String> received = IntStream.range(0, sent.size()).mapToObj(i -> nextText(connection));
            assertThat(received)
                    .containsExactly(
                            "text",
                            "bytes",
                            "buffer",
                            "Netty's",
                            "long".repeat(5000),
                            "prepared",
                            "utf-8",
                            "binary",
                            "ping",
                            "last");
            CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0])).join();
            await().until(() -> session.queuedBytes() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBufferIsReleasedHoweverItsSendEnds(Http http) throws Exception {
        List<ByteBuf> buffers = new ArrayList<>();
        try (RawConnection connection = open(http)) {
            WebSocketSession session = handler.next().session();
            session.sendBinary(tracked(buffers, 10)).join();
            session.sendBinary(tracked(buffers, 10_000)).join();
            assertThat(connection.next().payload()).hasSize(10);
            assertThat(connection.next().payload()).hasSize(10_000);
            await("written").until(() -> buffers.stream().allMatch(buffer -> buffer.refCnt() == 0));
            while (session.isOpen()) { // Until it is closed as a slow consumer.
                session.sendBinary(tracked(buffers, 64 * 1024));
            }
            assertThat(session.sendBinary(tracked(buffers, 10))).isCompletedExceptionally();
        }
        await("refused, or lost").until(() -> buffers.stream().allMatch(buffer -> buffer.refCnt() == 0));
    }

    private static ByteBuf tracked(List<ByteBuf> buffers, int bytes) {
        ByteBuf buffer = Unpooled.directBuffer(bytes).writeZero(bytes);
        buffers.add(buffer);
        return buffer;
    }

    private static String nextText(RawConnection connection) {
        try {
            return connection.next().text();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachThreadsSendsStayInOrder(Http http) throws Exception {
        int threads = 4;
        int messages = 500;
        try (RawConnection connection = open(http)) {
            WebSocketSession session = handler.next().session();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> senders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                senders.add(new Thread(() -> {
                    awaitQuietly(start);
                    for (int i = 0; i < messages; i++) {
                        session.sendText(thread + ":" + i);
                    }
                }));
            }
            senders.forEach(Thread::start);
            start.countDown();
            int[] next = new int[threads];
            for (int i = 0; i < threads * messages; i++) {
                String[] parts = connection.next().text().split(":", 2);
                int thread = Integer.parseInt(parts[0]);
                assertThat(Integer.parseInt(parts[1])).isEqualTo(next[thread]++);
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheEventLoopSendsAfterAnotherThreadArrivesAfterIt(Http http) throws Exception {
        try (RawConnection connection = open(http)) {
            WebSocketSession session = handler.next().session();
            CountDownLatch blocked = new CountDownLatch(1);
            session.context().eventLoop().withoutContext().execute(() -> {
                awaitQuietly(blocked);
                session.sendText("second"); // "first" is still a task behind this one
            });
            session.sendText("first");
            blocked.countDown();
            connection.expectText("first");
            connection.expectText("second");
        }
    }

    @ParameterizedTest
    @EnumSource
    void largeMessagesPass(Http http) throws Exception {
        String large = "0123456789".repeat(100_000);
        try (RawConnection connection = open(http)) {
            RecordingHandler.Recorder recorder = handler.next();
            connection.send(text(large));
            assertThat(recorder.next()).isEqualTo(large);
            CompletableFuture<Void> sent = recorder.session().sendText(large);
            connection.expectText(large);
            sent.join();
        }
    }

    @Test
    void largeMessagesPassThroughTls() throws Exception {
        String large = "0123456789".repeat(100_000);
        try (RawHttp1 connection = RawHttp1.connectTls(server.tlsPort()).upgrade()) {
            WebSocketSession session = handler.next().session();
            session.sendText(large);
            connection.expectText(large);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pongsComeBack(Http http) throws Exception {
        try (RawConnection connection = open(http)) {
            RecordingHandler.Recorder recorder = handler.next();
            recorder.session().sendPing(utf8("are you there"));
            Frames.Received ping = connection.next();
            assertThat(ping.firstByte()).isEqualTo(FIN | PING);
            connection.send(frame(FIN | PONG, ping.payload()));
            assertThat((byte[]) recorder.next()).asString().isEqualTo("are you there");
        }
    }

    @Test
    void aPingAbove125BytesIsAnArgumentError() throws Exception {
        try (RawConnection connection = open(Http.ONE)) {
            WebSocketSession session = handler.next().session();
            assertThatThrownBy(() -> session.sendPing(new byte[126]))
                    .hasMessage("payload: 126 bytes (expected: at most 125)");
            assertThat(session.isOpen()).isTrue();
            connection.send(close(1000, ""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloseFromHereIsAnsweredAndTold(Http http) throws Exception {
        try (RawConnection connection = open(http)) {
            RecordingHandler.Recorder recorder = handler.next();
            WebSocketSession session = recorder.session();
            session.sendText("before");
            session.close(4001, "enough");
            assertThat(session.isOpen()).isFalse();
            connection.expectText("before");
            Frames.Received close = connection.next();
            assertThat(close.closeCode()).isEqualTo(4001);
            assertThat(close.closeReason()).isEqualTo("enough");
            connection.send(text("too late to be heard"));
            connection.send(close(4001, ""));
            connection.expectEnd();
            assertThat(recorder.next()).isEqualTo(new CloseStatus(4001, "enough"));
            assertThat(session.whenClosed().join()).isEqualTo(new CloseStatus(4001, "enough"));
        }
    }

    /** Clients wait for the end of the connection before they tell of the close, and Armeria would wait for 3 s. */
    @Test
    void theConnectionEndsAtOnceAfterTheClosingHandshake() throws Exception {
        try (RawConnection plain = RawHttp1.open(server.port());
                RawConnection tls = RawHttp1.connectTls(server.tlsPort()).upgrade();
                RawConnection stream = RawHttp2.open(server.port())) {
            for (RawConnection connection : List.of(plain, tls, stream)) {
                long start = System.nanoTime();
                connection.send(close(1000, ""));
                assertThat(connection.expectClose()).isEqualTo(1000);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            }
        }
        for (int i = 0; i < 3; i++) {
            assertThat(handler.next().next()).isEqualTo(CloseStatus.NORMAL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloseFromThereIsAnsweredAndTold(Http http) throws Exception {
        try (RawConnection connection = open(http)) {
            RecordingHandler.Recorder recorder = handler.next();
            connection.send(close(4002, "bye"));
            assertThat(connection.next().closeReason()).isEqualTo("bye");
            connection.expectEnd();
            assertThat(recorder.next()).isEqualTo(new CloseStatus(4002, "bye"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPagesCloseIsNoCode(Http http) throws Exception {
        try (RawConnection connection = open(http)) {
            RecordingHandler.Recorder recorder = handler.next();
            connection.send(frame(FIN | Frames.CLOSE, utf8("")));
            assertThat(connection.expectClose()).isEqualTo(-1);
            assertThat(recorder.next()).isEqualTo(CloseStatus.NO_CODE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLostConnectionIsAbnormal(Http http) throws Exception {
        RecordingHandler.Recorder recorder;
        try (RawConnection connection = open(http)) {
            recorder = handler.next();
            connection.send(text("last words"));
            assertThat(recorder.next()).isEqualTo("last words");
        }
        assertThat(recorder.next()).isEqualTo(CloseStatus.ABNORMAL);
        assertThat(recorder.session().isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void anAbortEndsAtOnce(Http http) throws Exception {
        try (RawConnection connection = open(http)) {
            RecordingHandler.Recorder recorder = handler.next();
            recorder.session().abort();
            connection.expectEnd();
            assertThat(recorder.next()).isEqualTo(CloseStatus.ABNORMAL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingIsToldOnceHoweverOftenItIsDone(Http http) throws Exception {
        try (RawConnection connection = open(http)) {
            RecordingHandler.Recorder recorder = handler.next();
            recorder.session().close(4001, "first");
            recorder.session().close(4002, "second");
            assertThat(connection.next().closeCode()).isEqualTo(4001);
            connection.send(close(4003, "third"));
            connection.expectEnd();
            recorder.session().close();
            recorder.session().abort();
            assertThat(recorder.next()).isEqualTo(new CloseStatus(4001, "first"));
            recorder.session()
                    .context()
                    .eventLoop()
                    .withoutContext()
                    .submit(() -> {})
                    .get();
            assertThat(recorder.pending()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsAfterTheEndFail(Http http) throws Exception {
        try (RawConnection connection = open(http)) {
            RecordingHandler.Recorder recorder = handler.next();
            recorder.session().close(4001, "enough");
            assertThat(recorder.session().sendText("late"))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(WebSocketClosedException.class)
                    .withMessageContaining("4001");
            assertThat(connection.next().closeCode()).isEqualTo(4001);
            connection.send(close(4001, ""));
            connection.expectEnd();
            assertThat(recorder.session().send(PreparedMessage.text("late"))).isCompletedExceptionally();
            assertThat(recorder.session().sendPing(utf8("late"))).isCompletedExceptionally();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingFollowsACloseFrameThatOvertookIt(Http http) throws Exception {
        CompletableFuture<CompletableFuture<Void>> late = new CompletableFuture<>();
        WebSocketEndpoint endpoint = WebSocketEndpoint.builder(session -> new WebSocketListener() {
                    @Override
                    public void onText(String text) {
                        // Another thread's send becomes a task of this loop, which closes before it gets to that.
                        CompletableFuture.runAsync(() -> late.complete(session.sendText("late")))
                                .join();
                        throw new UnsupportedMessageException("closed first");
                    }
                })
                .build();
        try (TestServer other = TestServer.of(endpoint);
                RawConnection connection =
                        http == Http.ONE ? RawHttp1.open(other.port()) : RawHttp2.open(other.port())) {
            connection.send(text("now"));
            assertThat(connection.expectClose()).isEqualTo(1003);
            assertThat(late.join())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(WebSocketClosedException.class);
        }
    }

    static Stream<CloseStatus> unsendable() {
        return Stream.of(1004, 1005, 1006, 1015, 1016, 2999).map(code -> new CloseStatus(code, ""));
    }

    @ParameterizedTest
    @MethodSource("unsendable")
    void aCodeThatMustNotBeSentIsAnArgumentError(CloseStatus status) throws Exception {
        try (RawConnection connection = open(Http.ONE)) {
            WebSocketSession session = handler.next().session();
            assertThatThrownBy(() -> session.close(status)).isInstanceOf(IllegalArgumentException.class);
            assertThat(session.isOpen()).isTrue();
            connection.send(close(1000, ""));
        }
    }

    @Test
    void aLongReasonIsCutBetweenCharacters() throws Exception {
        try (RawConnection connection = open(Http.ONE)) {
            handler.next().session().close(4001, "€".repeat(100));
            Frames.Received close = connection.next();
            assertThat(close.closeReason()).isEqualTo("€".repeat(41));
            connection.send(close(4001, ""));
        }
    }

    @Test
    void failuresOfTheApplicationAreLoggedAsWarnings() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Application.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try {
            aListenerThatFailsClosesWith1011AndTellsNothing();
            assertThat(logged.list).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getThrowableProxy().getMessage()).isEqualTo("a secret");
            });
        } finally {
            logger.detachAppender(logged);
        }
    }

    @Test
    void aHandlerThatFailsClosesWith1011AndTellsNothing() throws Exception {
        try (RawHttp1 connection = RawHttp1.connect(server.port())) {
            connection.exchange(RawHttp1.request().replaceFirst(TestServer.PATH, "/failing-open"));
            assertServerError(connection);
        }
    }

    @Test
    void aListenerThatFailsClosesWith1011AndTellsNothing() throws Exception {
        try (RawHttp1 connection = RawHttp1.connect(server.port())) {
            connection.exchange(RawHttp1.request().replaceFirst(TestServer.PATH, "/deaf"));
            connection.send(text("hello"));
            assertServerError(connection);
        }
    }

    private static void assertServerError(RawConnection connection) throws Exception {
        Frames.Received close = connection.next();
        assertThat(close.closeCode()).isEqualTo(1011);
        assertThat(close.closeReason()).isEqualTo("internal error");
        connection.expectEnd();
    }

    @Test
    void aKindOfMessageThatIsNotTakenClosesWith1003() throws Exception {
        try (RawHttp1 connection = RawHttp1.connect(server.port())) {
            connection.exchange(RawHttp1.request().replaceFirst(TestServer.PATH, "/deaf"));
            connection.send(Frames.binary(utf8("hello")));
            Frames.Received close = connection.next();
            assertThat(close.closeCode()).isEqualTo(1003);
            assertThat(close.closeReason()).isEqualTo("This endpoint takes no binary messages");
            connection.expectEnd();
        }
    }

    @Test
    void listenersRunOnTheEventLoopWithTheirContext() throws Exception {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        WebSocketEndpoint endpoint = WebSocketEndpoint.builder(session -> {
                    seen.complete(session.context().eventLoop().inEventLoop()
                            && ServiceRequestContext.current() == session.context());
                    return new WebSocketListener() {};
                })
                .build();
        try (TestServer other = TestServer.of(endpoint);
                RawHttp1 connection = RawHttp1.open(other.port())) {
            assertThat(seen.join()).isTrue();
            connection.send(close(1000, ""));
        }
    }
}

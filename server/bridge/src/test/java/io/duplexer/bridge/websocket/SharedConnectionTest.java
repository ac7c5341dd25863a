package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.FIN;
import static io.duplexer.bridge.websocket.Frames.RSV1;
import static io.duplexer.bridge.websocket.Frames.TEXT;
import static io.duplexer.bridge.websocket.Frames.close;
import static io.duplexer.bridge.websocket.Frames.frame;
import static io.duplexer.bridge.websocket.Frames.text;
import static io.duplexer.bridge.websocket.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.ClientFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several WebSockets in one HTTP/2 connection, as browsers open them: the end of one is nothing to the others. */
@ExtendWith(NoLeaks.class)
@Timeout(20)
final class SharedConnectionTest {
    private final Queue<WebSocketSession> sessions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger flushes = new AtomicInteger();
    private final WebSocketEndpoint endpoint = WebSocketEndpoint.builder(session -> {
                sessions.add(session);
                return new EchoListener(session);
            })
            .build();
    private final TestServer server = TestServer.of(
            endpoint,
            builder ->
                    builder.childChannelPipelineCustomizer(pipeline -> pipeline.addFirst(new FlushCounter(flushes))));
    private final ClientFactory factory =
            ClientFactory.builder().useHttp2Preface(true).build();
    private final RawHttp2 other = RawHttp2.openShared(factory, server.port());

    @BeforeEach
    void theOtherIsOpen() throws Exception {
        stillWorks();
    }

    @AfterEach
    void letGo() {
        other.close();
        factory.close();
        server.close();
    }

    private RawHttp2 open() {
        return RawHttp2.openShared(factory, server.port());
    }

    private void stillWorks() throws Exception {
        other.send(text("still works"));
        other.expectText("still works");
        assertThat(server.server().numConnections()).isEqualTo(1);
    }

    @Test
    void aCloseInOrder() throws Exception {
        try (RawHttp2 closing = open()) {
            closing.send(close(1000, ""));
            assertThat(closing.expectClose()).isEqualTo(1000);
            stillWorks();
        }
        stillWorks();
    }

    @Test
    void aViolationWithMoreDataUnderway() throws Exception {
        try (RawHttp2 wrong = open()) {
            // In one piece: the answer to the first frame may end the stream before another could be sent.
            wrong.send(Frames.concat(
                    frame(FIN | RSV1 | TEXT, utf8("wrong")),
                    IntStream.range(0, 20)
                            .mapToObj(i -> Frames.binary(new byte[10_000]))
                            .reduce(new byte[0], Frames::concat)));
            assertThat(wrong.expectClose()).isEqualTo(1002);
            stillWorks();
        }
        stillWorks();
    }

    @Test
    void anAbortFromHere() throws Exception {
        try (RawHttp2 aborting = open()) {
            aborting.send(frame(TEXT, utf8("unfinished")));
            await().until(() -> endpoint.openSessions() == 2);
        }
        await().until(() -> endpoint.openSessions() == 1);
        stillWorks();
    }

    @Test
    void anEndOfTheStreamWithoutAClose() throws Exception {
        try (RawHttp2 ending = open()) {
            ending.send(text("last words"));
            ending.expectText("last words");
            ending.endRequest();
            ending.expectEnd();
        }
        stillWorks();
    }

    @Test
    void whatAllOfThemAreSentInOneTurnLeavesTogether() throws Exception {
        RawHttp2[] many = IntStream.range(0, 20).mapToObj(i -> open()).toArray(RawHttp2[]::new);
        await().until(() -> sessions.size() == 21);
        // Nothing else is under way on this connection.
        await().during(Duration.ofMillis(200)).until(() -> flushes.getAndSet(0) == 0);

        sessions.element().context().eventLoop().execute(() -> sessions.forEach(session -> session.sendText("to all")));

        for (RawHttp2 each : many) {
            each.expectText("to all");
        }
        other.expectText("to all");
        assertThat(flushes.get()).isLessThan(10);
    }

    private static final class FlushCounter extends ChannelOutboundHandlerAdapter {
        private final AtomicInteger flushes;

        FlushCounter(AtomicInteger flushes) {
            this.flushes = flushes;
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes.incrementAndGet();
            ctx.flush();
        }
    }

    @Test
    void aHundredAtATime() throws Exception {
        RawHttp2[] many = IntStream.range(0, 99).mapToObj(i -> open()).toArray(RawHttp2[]::new);
        for (int i = 0; i < many.length; i++) {
            many[i].send(text("hello " + i));
        }
        for (int i = 0; i < many.length; i++) {
            many[i].expectText("hello " + i);
            many[i].send(close(1000, ""));
            assertThat(many[i].expectClose()).isEqualTo(1000);
        }
        await().until(() -> endpoint.openSessions() == 1);
        stillWorks();
    }
}

package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.CLOSE;
import static io.duplexer.bridge.websocket.Frames.close;
import static io.duplexer.bridge.websocket.Frames.concat;
import static io.duplexer.bridge.websocket.Frames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.common.util.EventLoopGroups;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** A peer that breaks the rules is its own problem: no line in the log above debug, and no other session notices. */
@ExtendWith(NoLeaks.class)
@Timeout(30)
final class ViolationsTest {
    /** The one event loop of this server, which no other test has. */
    private static final String LOOP = "violations";

    private static final LoggerContext LOGGERS = (LoggerContext) LoggerFactory.getILoggerFactory();

    private final ServerLog log = new ServerLog();
    private final WebSocketEndpoint endpoint = WebSocketEndpoint.builder(EchoListener::new)
            .config(ProtocolRulesTest.CONFIG)
            .build();
    private final TestServer server = TestServer.of(
            endpoint,
            builder -> builder.workerGroup(EventLoopGroups.newEventLoopGroup(1, LOOP), true)
                    .service("/failing", failing()));
    private final ClientFactory shared =
            ClientFactory.builder().useHttp2Preface(true).build();

    private static WebSocketEndpoint failing() {
        return WebSocketEndpoint.builder(session -> {
                    throw new IllegalStateException("a fault of the application");
                })
                .build();
    }

    @BeforeEach
    void listen() {
        LOGGERS.addTurboFilter(log);
    }

    @AfterEach
    void stop() {
        LOGGERS.getTurboFilterList().remove(log);
        shared.close();
        server.close();
    }

    @FunctionalInterface
    private interface Opener {
        RawConnection open() throws Exception;
    }

    @Test
    void overHttp1TheyAreLoggedAtDebugAndNobodyElseNotices() throws Exception {
        try (RawConnection other = RawHttp1.open(server.port())) {
            violateBeside(other, () -> RawHttp1.open(server.port()));
        }
    }

    @Test
    void overTlsTheyAreLoggedAtDebugAndNobodyElseNotices() throws Exception {
        try (RawConnection other = RawHttp1.connectTls(server.tlsPort()).upgrade()) {
            violateBeside(other, () -> RawHttp1.connectTls(server.tlsPort()).upgrade());
        }
    }

    @Test
    void inOneHttp2ConnectionTheyAreLoggedAtDebugAndNobodyElseNotices() throws Exception {
        try (RawConnection other = RawHttp2.openShared(shared, server.port())) {
            violateBeside(other, () -> RawHttp2.openShared(shared, server.port()));
            assertThat(server.server().numConnections()).isEqualTo(1);
        }
    }

    @Test
    void refusedHandshakesAreLoggedAtDebug() throws Exception {
        behave(() -> RawHttp1.open(server.port()));
        String right = RawHttp1.request();
        for (String wrong : List.of(
                right.replace("Version: 13", "Version: 12"),
                right.replace("dGhl", ""),
                right.replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: =\r\n\r\n"),
                right.replace("\r\n\r\n", "\r\nOrigin: http://elsewhere.example\r\n\r\n"))) {
            try (RawHttp1 connection = RawHttp1.connect(server.port())) {
                assertThat(connection.exchange(wrong)).startsWith("HTTP/1.1 4");
            }
        }
        assertThat(log.lines).isEmpty();
    }

    @Test
    void aFaultOfTheApplicationIsLoggedAsAWarning() throws Exception {
        try (RawHttp1 connection = RawHttp1.connect(server.port())) {
            connection.exchange(RawHttp1.request().replace(TestServer.PATH, "/failing"));
            assertThat(connection.expectClose()).isEqualTo(1011);
        }
        assertThat(log.lines).singleElement().asString().startsWith("WARN " + Application.class.getName());
    }

    /** What Armeria logs once, when it is first used, is not for a violation. */
    private void behave(Opener opener) throws Exception {
        try (RawConnection good = opener.open()) {
            good.send(concat(text("hello"), close(1000, "")));
            good.expectText("hello");
            assertThat(good.expectClose()).isEqualTo(1000);
        }
        log.lines.clear();
    }

    private void violateBeside(RawConnection other, Opener opener) throws Exception {
        behave(opener);
        for (byte[] violation : (Iterable<byte[]>) ProtocolRulesTest.violations()::iterator) {
            try (RawConnection wrong = opener.open()) {
                wrong.send(violation);
                awaitClose(wrong);
            }
            other.send(text("undisturbed"));
            other.expectText("undisturbed");
        }
        await().until(() -> endpoint.openSessions() == 1);
        assertThat(log.lines).isEmpty();
    }

    private static void awaitClose(RawConnection connection) throws IOException {
        Frames.Received frame = connection.next();
        while (frame.opcode() != CLOSE) {
            frame = connection.next();
        }
        connection.expectEnd();
    }

    /** What the server's event loop logs above debug, by whatever logger, and whether or not that would be written. */
    private static final class ServerLog extends TurboFilter {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        public FilterReply decide(
                @Nullable Marker marker,
                Logger logger,
                Level level,
                @Nullable String format,
                Object @Nullable [] parameters,
                @Nullable Throwable failure) {
            boolean isLine = format != null && level.isGreaterOrEqual(Level.INFO);
            // A lost buffer, which may be of a test beside this one, is told on whatever thread takes the next.
            boolean isReport = logger.getName().equals(ResourceLeakDetector.class.getName());
            if (isLine && !isReport && Thread.currentThread().getName().startsWith(LOOP)) {
                lines.add(level + " " + logger.getName() + ": " + format);
            }
            return FilterReply.NEUTRAL;
        }
    }
}

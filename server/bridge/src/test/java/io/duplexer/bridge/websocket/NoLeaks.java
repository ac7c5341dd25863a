package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails a class of tests that has lost a Netty buffer. */
final class NoLeaks implements BeforeAllCallback, AfterAllCallback {
    private static final int ROUNDS = 5;
    /**
     * Armeria's WebSocket client is a peer in these tests and in those of gRPC, which run beside them, and loses what arrives
     * after its subscriber has cancelled. Over HTTP/2 a report may name nothing of it but its request.
     */
    private static final Pattern PEER =
            Pattern.compile("com\\.linecorp\\.armeria\\.client\\.WebSocket|/test\\.Played/\\w+#CONNECT");

    private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

    private static Logger detector() {
        return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        reports.start();
        detector().addAppender(reports);
    }

    /** Leaks show when a lost buffer has been collected and another one is tracked. */
    @Override
    public void afterAll(ExtensionContext context) {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
            List<ByteBuf> probes = new ArrayList<>();
            for (int j = 0; j < 100; j++) {
                probes.add(PooledByteBufAllocator.DEFAULT.directBuffer(16));
            }
            probes.forEach(ByteBuf::release);
        }
        detector().detachAppender(reports);
        assertThat(reports.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(report -> !PEER.matcher(report).find())
                .isEmpty();
    }
}

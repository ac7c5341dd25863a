package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails a class of tests that has made anybody log a warning: what peers do wrong is not the server's trouble. */
final class QuietLog implements BeforeAllCallback, AfterAllCallback {
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        logged.start();
        root().addAppender(logged);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        root().detachAppender(logged);
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                // Lost buffers are told when they are collected, perhaps those of a peer in an earlier class.
                .filteredOn(event -> !event.getLoggerName().equals(ResourceLeakDetector.class.getName()))
                .isEmpty();
    }
}

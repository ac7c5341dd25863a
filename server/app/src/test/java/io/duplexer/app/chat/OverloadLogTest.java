package io.duplexer.app.chat;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.duplexer.app.history.HistoryUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A history that has too much to do must not have the log to write as well. */
final class OverloadLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(Chat.class.getPackageName());
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final ManualHistory history = new ManualHistory();
    private final TestChat test = new TestChat(history);

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
    }

    private void readInVain() {
        var ann = test.connect().join("ann", "room");
        ann.send(Words.readHistory("room", "h1", 0, 0));
        test.connect().join("bob", "room", Words.resume(history.epoch(), 0));

        assertThat(ann.outlet().problem()).isEqualTo(Problem.UNAVAILABLE);
        assertThat(ann.outlet().words())
                .containsExactly("rejected 14 h1: history: it could not be read (expected: ask again later)");
    }

    @Test
    void readsThatItRefusesAreNotLoggedOneByOne() {
        history.failReads(new HistoryUnavailableException("20000 reads wait already"));
        readInVain();

        assertThat(logged.list).isEmpty();
    }

    @Test
    void readsThatFailAre() {
        history.failReads(new IllegalStateException("broken on purpose"));
        readInVain();

        assertThat(logged.list).hasSize(3);
    }
}

package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duplexer.app.history.HistoryUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A batch that cannot be written, and a fault that ends the thread that writes. */
@Timeout(30)
final class WriterFailureTest {
    @TempDir
    Path directory;

    @Test
    void whoWaitsIsToldAndTheHistoryIsNoLongerWell() throws Exception {
        var log = new SqliteLog(directory);
        var health = new CopyOnWriteArrayList<Boolean>();
        try (var history = log.open()) {
            history.health(health::add);
            history.tail(message -> {
                throw new AssertionError("on purpose");
            });
            assertThatThrownBy(() -> history.append(log.line("a", "m1")).join()).hasRootCauseMessage("on purpose");
            assertThatThrownBy(() -> history.append(log.line("a", "m2")).join()).hasMessageContaining("closed");
            assertThat(health).containsExactly(true, false);
        }
    }

    @Test
    void aBatchThatFailsMidwayIsRefusedAsAWholeAndTheNextOneIsWritten() throws Exception {
        var log = new SqliteLog(directory);
        var health = new CopyOnWriteArrayList<Boolean>();
        var queued = new CompletableFuture<Void>();
        var tail = new CopyOnWriteArrayList<String>();
        try (var history = log.open();
                var outside = log.connect();
                var statement = outside.createStatement()) {
            history.health(health::add);
            statement.execute("CREATE TRIGGER two BEFORE INSERT ON message WHEN (SELECT count(*) FROM message) = 2"
                    + " BEGIN SELECT RAISE(ABORT, 'on purpose'); END");
            history.tail(message -> {
                tail.add(message.getId());
                queued.join();
            });
            // While the first one is held up by the tail, the others wait to be committed together.
            var first = history.append(log.line("a", "m1"));
            Awaitility.await().until(() -> !tail.isEmpty());
            var others = IntStream.rangeClosed(2, 4)
                    .mapToObj(number -> history.append(log.line("a", "m" + number)))
                    .toList();
            queued.complete(null);

            assertThat(first.join().message().getSequence()).isEqualTo(1);
            assertThat(others)
                    .allSatisfy(append -> assertThat(append)
                            .failsWithin(Duration.ofSeconds(20))
                            .withThrowableThat()
                            .withCauseInstanceOf(HistoryUnavailableException.class));
            assertThat(tail).containsExactly("m1");
            assertThat(SqliteLog.sequences(history, "a")).containsExactly(1L);

            statement.execute("DROP TRIGGER two");
            log.append(history, "a", 2, 4);
            assertThat(SqliteLog.sequences(history, "a")).containsExactly(1L, 2L, 3L, 4L);
            assertThat(health).containsExactly(true, false, true);
        }
    }

    @Test
    void closingInOrderIsNoFailure() throws Exception {
        var log = new SqliteLog(directory);
        var health = new CopyOnWriteArrayList<Boolean>();
        try (var history = log.open()) {
            history.health(health::add);
            log.append(history, "a", 1, 1);
        }
        assertThat(health).containsExactly(true);
    }
}

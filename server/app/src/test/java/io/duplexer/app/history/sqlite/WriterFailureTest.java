package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fault that ends the thread that writes, which nothing can be done about but to say so. */
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

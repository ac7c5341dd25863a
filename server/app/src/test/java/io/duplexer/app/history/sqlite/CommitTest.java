package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others can find in the file at the moment that a message is told of. */
@Timeout(30)
final class CommitTest {
    @TempDir
    Path directory;

    private static int stored(Connection outside) {
        try (var statement = outside.createStatement()) {
            return statement.executeQuery("SELECT count(*) FROM message").getInt(1);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMessageIsCommittedBeforeTheTailHasIt() throws Exception {
        var log = new SqliteLog(directory);
        var storedWhenTold = new CopyOnWriteArrayList<Integer>();
        try (var history = log.open();
                var outside = log.connect()) {
            history.tail(message -> storedWhenTold.add(stored(outside)));
            log.append(history, "a", 1, 3);
        }
        assertThat(storedWhenTold).containsExactly(1, 2, 3);
    }

    @Test
    void aMessageIsCommittedBeforeItsSenderIsTold() throws Exception {
        var log = new SqliteLog(directory);
        var listening = new CompletableFuture<Void>();
        List<CompletableFuture<Integer>> storedWhenTold = new ArrayList<>();
        try (var history = log.open();
                var outside = log.connect()) {
            history.tail(message -> listening.join());
            // While the first one is held up by the tail, the others wait to be committed together.
            for (var number = 1; number <= 4; number++) {
                storedWhenTold.add(history.append(log.line("a", "m" + number)).thenApply(appended -> stored(outside)));
            }
            listening.complete(null);
            CompletableFuture.allOf(storedWhenTold.toArray(CompletableFuture[]::new))
                    .join();
        }
        assertThat(storedWhenTold.get(3).join()).isEqualTo(4);
        assertThat(storedWhenTold.get(0).join()).isPositive();
    }
}

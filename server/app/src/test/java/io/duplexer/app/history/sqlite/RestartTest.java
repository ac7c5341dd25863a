package io.duplexer.app.history.sqlite;

import static io.duplexer.app.history.sqlite.SqliteLog.ALL;
import static io.duplexer.app.history.sqlite.SqliteLog.sequences;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.Appended;
import io.duplexer.app.history.Page;
import io.duplexer.app.history.Retention;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the same after a restart: everything. */
final class RestartTest {
    @TempDir
    Path directory;

    private SqliteLog log() {
        return new SqliteLog(directory.resolve("data"));
    }

    @Test
    void messagesSequencesAndTheEpochAreThoseOfBefore() throws Exception {
        var log = log();
        List<?> stored;
        String epoch;
        try (var history = log.open()) {
            log.append(history, "a", 1, 300);
            log.append(history, "b", 1, 2);
            stored = history.after("a", 0, 1_000).join().messages();
            epoch = history.epoch();
        }
        try (var history = log.open()) {
            assertThat(history.epoch()).isEqualTo(epoch);
            assertThat(history.after("a", 0, 1_000).join()).isEqualTo(new Page(cast(stored), 300, 300));
            assertThat(history.before("a", 11, 5).join().messages()).isEqualTo(stored.subList(5, 10));
            assertThat(history.beforeNewest("b", 1).join()).isEqualTo(1);
            log.append(history, "a", 301, 301);
            assertThat(history.after("a", 299, 5).join().messages())
                    .extracting(message -> message.getPreviousSequence())
                    .containsExactly(299L, 300L);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> cast(List<?> list) {
        return (List<T>) list;
    }

    @Test
    void aMessageThatComesAgainIsStillKnown() throws Exception {
        var log = log();
        try (var history = log.open()) {
            log.append(history, "a", 1, 2);
        }
        try (var history = log.open()) {
            var again = history.append(log.line("a", "m1")).join();
            assertThat(again.duplicate()).isTrue();
            assertThat(again.message())
                    .isEqualTo(history.after("a", 0, 1).join().messages().get(0));
            assertThat(sequences(history, "a")).containsExactly(1L, 2L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"room, id, user_id", "room, user_id, id"})
    void aMessageThatComesAgainIsKnownByItsUserWhicheverOrderTheIndexWasMadeIn(String index) throws Exception {
        var log = log();
        try (var history = log.open()) {
            log.append(history, "a", 1, 2);
        }
        indexSentBy(index, log);
        try (var history = log.open()) {
            var ofAnn = log.line("a", "m1");
            var ofBob = ofAnn.toBuilder().setUserId("bob").build();

            assertThat(history.append(ofAnn).join().duplicate()).isTrue();
            var first = history.append(ofBob).join();
            assertThat(first.duplicate()).isFalse();
            assertThat(history.append(ofBob).join()).isEqualTo(new Appended(first.message(), true));
            assertThat(history.append(ofAnn).join().message().getSequence()).isEqualTo(1);
            assertThat(sequences(history, "a")).containsExactly(1L, 2L, 3L);
        }
    }

    /** As servers made it that put users before ids, or as this one does. */
    private static void indexSentBy(String columns, SqliteLog log) throws Exception {
        try (var outside = log.connect();
                var statement = outside.createStatement()) {
            statement.execute("ALTER TABLE sent RENAME TO before");
            statement.execute("CREATE TABLE sent (number INTEGER PRIMARY KEY, room INTEGER NOT NULL,"
                    + " user_id TEXT NOT NULL, id TEXT NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,"
                    + " UNIQUE (" + columns + "))");
            statement.execute("INSERT INTO sent SELECT * FROM before");
            statement.execute("DROP TABLE before");
        }
    }

    @Test
    void aRoomWithoutMessagesGoesOnBehindItsLast() throws Exception {
        var log = log();
        var aSecond = new Retention(10, 10, Duration.ofSeconds(1), Duration.ofDays(1));
        try (var history = log.open(aSecond)) {
            log.append(history, "a", 1, 3);
        }
        log.nowMillis.addAndGet(10_000);
        for (var restart = 0; restart < 2; restart++) {
            try (var history = log.open(aSecond)) {
                RetentionTest.awaitSequences(history, "a");
                assertThat(history.after("a", 0, 10).join()).isEqualTo(new Page(List.of(), 0, 3));
            }
        }
        try (var history = log.open(aSecond)) {
            log.append(history, "a", 4, 4);
            assertThat(sequences(history, "a")).containsExactly(4L);
        }
    }

    @Test
    void whatWasQueuedWhenItIsClosedIsStored() throws Exception {
        var log = log();
        var history = log.open();
        var appends = IntStream.rangeClosed(1, 2_000)
                .mapToObj(number -> history.append(log.line("a", "m" + number)))
                .toList();
        history.close();

        assertThat(appends).allSatisfy(append -> assertThat(append).isCompleted());
        try (var again = log.open()) {
            assertThat(again.after("a", 0, 1).join().head()).isEqualTo(2_000);
        }
    }

    @Test
    void afterClosingOnlyTheDatabaseAndItsLockAreLeft() throws Exception {
        var log = log();
        try (var history = log.open()) {
            log.append(history, "a", 1, 3);
            assertThat(log.directory.resolve("history.db-wal")).exists();
        }
        try (var files = Files.list(log.directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("history.db", "history.db.lock");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a?b=c", "a#b", "a%20b", "grün", "deep/er/still"})
    void theDirectoryMayHaveAnyName(String name) throws Exception {
        var log = new SqliteLog(directory.resolve(name));
        try (var history = log.open(ALL)) {
            log.append(history, "a", 1, 1);
        }
        assertThat(log.file()).isNotEmptyFile();
    }
}

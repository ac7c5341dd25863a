package io.duplexer.app.history.sqlite;

import static io.duplexer.app.history.sqlite.SqliteLog.sequences;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duplexer.app.history.History;
import io.duplexer.app.history.HistoryFullException;
import io.duplexer.app.history.Page;
import io.duplexer.app.history.Retention;
import io.duplexer.app.history.Retentions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted, in its own time, and what is not. */
final class RetentionTest {
    @TempDir
    Path directory;

    private SqliteLog log;

    @BeforeEach
    void newLog() {
        log = new SqliteLog(directory);
    }

    /** Waits until the room has these messages and no others. */
    static void awaitSequences(History history, String room, Long... sequences) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(sequences(history, room)).containsExactly(sequences));
    }

    private static Long[] range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toArray(Long[]::new);
    }

    @Test
    void theNewestOfEachRoomAreKept() throws Exception {
        try (var history = log.open(Retentions.of(10, 100))) {
            log.append(history, "a", 1, 101);
            log.append(history, "b", 1, 100);
            awaitSequences(history, "a", range(2, 101));

            assertThat(sequences(history, "b")).containsExactly(range(1, 100));
            assertThat(history.after("a", 0, 1).join().total()).isEqualTo(100);
            assertThat(history.before("a", 4, 10).join().total()).isEqualTo(2);
            assertThat(history.beforeNewest("a", 1_000).join()).isEqualTo(1);
        }
    }

    @Test
    void moreThanOneDeletionTakesIsDeletedInSeveral() throws Exception {
        try (var history = log.open(Retentions.of(10, 10_000))) {
            var appends = IntStream.rangeClosed(1, 2 * Pruner.CHUNK)
                    .mapToObj(number -> history.append(log.line("a", "m" + number)))
                    .toList();
            appends.forEach(append -> append.join());
        }
        try (var history = log.open(Retentions.of(10, 1))) {
            awaitSequences(history, "a", 2L * Pruner.CHUNK);
        }
    }

    @Test
    void messagesThatAreTooOldGo() throws Exception {
        try (var history = log.open(new Retention(10, 100, Duration.ofSeconds(10), Duration.ofDays(1)))) {
            log.append(history, "a", 1, 2);
            log.nowMillis.addAndGet(5_000);
            log.append(history, "a", 3, 4);
            log.append(history, "b", 1, 1);
            log.nowMillis.addAndGet(5_001);
            awaitSequences(history, "a", 3L, 4L);
            assertThat(sequences(history, "b")).containsExactly(1L);

            log.nowMillis.addAndGet(5_000);
            awaitSequences(history, "a");
            assertThat(history.after("a", 0, 10).join()).isEqualTo(new Page(List.of(), 0, 4));
        }
    }

    @Test
    void aMessageThatIsGoneIsStillKnownWhenItComesAgainUntilThatIsForgottenToo() throws Exception {
        try (var history = log.open(new Retention(10, 1, Duration.ZERO, Duration.ofSeconds(10)))) {
            log.append(history, "a", 1, 2);
            awaitSequences(history, "a", 2L);

            var again = history.append(log.line("a", "m1").toBuilder()
                            .setTimestamp(9)
                            .setContent("changed")
                            .build())
                    .join();
            assertThat(again.duplicate()).isTrue();
            assertThat(again.message().getSequence()).isEqualTo(1);
            assertThat(again.message().getTimestamp()).isEqualTo(log.nowMillis.get());

            log.nowMillis.addAndGet(10_001);
            try (var outside = log.connect();
                    var statement = outside.createStatement()) {
                Awaitility.await()
                        .untilAsserted(() -> assertThat(statement
                                        .executeQuery("SELECT count(*) FROM sent")
                                        .getInt(1))
                                .isZero());
            }
            assertThat(history.append(log.line("a", "m1")).join().duplicate()).isFalse();
        }
    }

    @Test
    void oneRoomMoreThanTheLimitIsRefusedUntilOneIsEmpty() throws Exception {
        try (var history = log.open(new Retention(2, 10, Duration.ofSeconds(1), Duration.ofDays(1)))) {
            log.append(history, "a", 1, 1);
            log.append(history, "b", 1, 1);
            assertThatThrownBy(() -> history.append(log.line("c", "m1")).join())
                    .hasCauseInstanceOf(HistoryFullException.class)
                    .hasMessageContaining("room: c would be one more than the 2 rooms");
            log.append(history, "a", 2, 2);

            log.nowMillis.addAndGet(2_000);
            log.append(history, "b", 2, 2);
            awaitSequences(history, "a");
            log.append(history, "c", 1, 1);
        }
    }

    @Test
    void manyNewRoomsInOneBatchAreAsManyRooms() throws Exception {
        try (var history = log.open(Retentions.of(50, 10))) {
            var appends = IntStream.rangeClosed(1, 60)
                    .mapToObj(number -> history.append(log.line("room " + number, "m1")))
                    .toList();
            assertThat(appends)
                    .filteredOn(append ->
                            append.handle((stored, failure) -> failure == null).join())
                    .hasSize(50);
        }
        try (var history = log.open(Retentions.of(50, 10))) {
            for (var number = 1; number <= 50; number++) {
                assertThat(sequences(history, "room " + number)).containsExactly(1L);
            }
        }
    }

    @Test
    void ofTheRoomsWithoutMessagesAsManyAreRememberedAsMayHaveSome() throws Exception {
        var retention = new Retention(2, 10, Duration.ofSeconds(1), Duration.ofSeconds(1));
        try (var history = log.open(retention)) {
            log.append(history, "a", 1, 5);
            for (var room : List.of("b", "c", "d")) {
                log.nowMillis.addAndGet(2_000);
                log.append(history, room, 1, 1);
                log.nowMillis.addAndGet(2_000);
                awaitSequences(history, room);
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(
                                    history.after("never used", 0, 1).join().head())
                            .isEqualTo(5));
        }
        try (var history = log.open(retention)) {
            assertThat(history.after("a", 0, 1).join()).isEqualTo(new Page(List.of(), 0, 5));
            assertThat(history.after("d", 0, 1).join()).isEqualTo(new Page(List.of(), 0, 6));
            log.append(history, "a", 1, 1);
            assertThat(history.after("a", 0, 1).join().messages())
                    .singleElement()
                    .satisfies(message -> assertThat(message.getSequence()).isEqualTo(6))
                    .satisfies(
                            message -> assertThat(message.getPreviousSequence()).isEqualTo(5));
        }
    }
}

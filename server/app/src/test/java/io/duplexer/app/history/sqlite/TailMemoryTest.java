package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.Retention;
import io.duplexer.app.history.sqlite.AppendQueue.Pending;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the newest messages of all rooms take in memory, as the writer appends and deletes. */
final class TailMemoryTest {
    private static final Retention RETENTION = new Retention(1, 2, Duration.ofSeconds(10), Duration.ofSeconds(1));

    @TempDir
    Path directory;

    private final TailMemory tails = new TailMemory(1_000_000);
    private Database database;
    private Rooms rooms;
    private LogWriter log;
    private SqliteLog lines;

    @BeforeEach
    void open() throws Exception {
        lines = new SqliteLog(directory);
        database = Database.open(directory);
        try (var connection = database.connectToRead()) {
            rooms = Startup.read(connection).rooms();
        }
        log = new LogWriter(database.connectToWrite());
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        database.close();
    }

    private void append(String room, int count) throws Exception {
        var batch = new Batch(rooms, 10, log);
        batch.write(IntStream.range(0, count)
                .mapToObj(i -> new Pending(lines.line(room, "m" + i)))
                .toList());
        batch.apply();
        batch.written().forEach(tails::used);
    }

    private void prune(long afterMillis) throws Exception {
        while (new Pruner(RETENTION, rooms, tails).prune(log, lines.nowMillis.get() + afterMillis)) {}
    }

    @Test
    void whatIsDeletedTakesNoneAnyMore() throws Exception {
        append("a", 2);
        append("b", 5);
        var before = tails.bytes();

        prune(0);
        assertThat(tails.bytes())
                .as("two of each")
                .isLessThan(before)
                .isEqualTo(rooms.all().stream().mapToLong(StoredRoom::tailBytes).sum());
        prune(20_000);
        assertThat(tails.bytes()).isZero();
    }
}

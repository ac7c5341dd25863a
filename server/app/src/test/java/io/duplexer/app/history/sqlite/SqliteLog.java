package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.History;
import io.duplexer.app.history.Retention;
import io.duplexer.app.history.Retentions;
import io.duplexer.chat.v1.Message;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Histories in one directory, with a clock that the test sets, and a look into their file from outside. */
final class SqliteLog {
    private static final int PLENTY = 1_000_000;
    static final Retention ALL = Retentions.of(PLENTY, PLENTY);

    final Path directory;
    final AtomicLong nowMillis = new AtomicLong(1_000_000);

    SqliteLog(Path directory) {
        this.directory = directory;
    }

    Path file() {
        return directory.resolve("history.db");
    }

    SqliteHistory open(Retention retention) throws HistoryFileException {
        return SqliteHistory.open(directory, retention, () -> Instant.ofEpochMilli(nowMillis.get()));
    }

    SqliteHistory open() throws HistoryFileException {
        return open(ALL);
    }

    /** A connection that is not the engine's. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    Message line(String room, String id) {
        return Message.newBuilder()
                .setRoom(room)
                .setUserId("ann")
                .setId(id)
                .setContent("content of " + id)
                .setTimestamp(nowMillis.get())
                .build();
    }

    /** Appends messages with the ids {@code m1}, {@code m2} and so on, and waits for them. */
    void append(History history, String room, int first, int last) {
        for (var number = first; number <= last; number++) {
            assertThat(history.append(line(room, "m" + number)).join().duplicate())
                    .isFalse();
        }
    }

    static List<Long> sequences(History history, String room) {
        return history.after(room, 0, PLENTY).join().messages().stream()
                .map(Message::getSequence)
                .toList();
    }
}

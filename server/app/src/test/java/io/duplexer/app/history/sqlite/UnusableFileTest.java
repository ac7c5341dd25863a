package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is not ours, or no longer whole, is refused in one line and left as it is. */
final class UnusableFileTest {
    @TempDir
    Path directory;

    private void assertRefused(SqliteLog log, String why) throws Exception {
        var before = Files.readAllBytes(log.file());
        assertThatThrownBy(log::open)
                .isInstanceOf(HistoryFileException.class)
                .hasMessageStartingWith(log.file() + " is no history that can be used: " + why)
                .hasMessageEndingWith("(expected: one that this server made)")
                .hasMessageNotContaining("\n");
        assertThat(Files.readAllBytes(log.file())).isEqualTo(before);
    }

    private SqliteLog made() throws Exception {
        var log = new SqliteLog(directory);
        try (var history = log.open()) {
            log.append(history, "a", 1, 300);
        }
        return log;
    }

    @Test
    void anEmptyFileIsNotANewHistory() throws Exception {
        var log = new SqliteLog(directory);
        Files.createFile(log.file());
        assertRefused(log, "empty");
    }

    @Test
    void someOtherFileIsRefused() throws Exception {
        var log = new SqliteLog(directory);
        Files.writeString(log.file(), "Dear diary, ".repeat(1_000));
        assertRefused(log, "not a database");
    }

    @Test
    void aDatabaseOfAnotherProgramIsRefused() throws Exception {
        var log = new SqliteLog(directory);
        try (var other = DriverManager.getConnection("jdbc:sqlite:" + log.file());
                var statement = other.createStatement()) {
            statement.execute("CREATE TABLE diary (entry TEXT)");
        }
        assertRefused(log, "a database of another program");
    }

    @Test
    void oneOfANewerVersionIsRefused() throws Exception {
        var log = made();
        try (var outside = log.connect();
                var statement = outside.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertRefused(log, "of version 99, which this server does not know");
    }

    @Test
    void oneThatWasCutShortIsRefused() throws Exception {
        var log = made();
        try (var file = FileChannel.open(log.file(), StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        }
        assertRefused(log, "damaged: ");
    }

    @Test
    void oneWithAPageOverwrittenIsRefused() throws Exception {
        var log = made();
        try (var file = FileChannel.open(log.file(), StandardOpenOption.WRITE)) {
            for (var page = 2; page < file.size() / 4096; page++) {
                file.write(ByteBuffer.allocate(100), page * 4096L);
            }
        }
        assertRefused(log, "damaged: ");
    }

    @Test
    void aMissingDatabaseBesideItsLogIsNotANewHistory() throws Exception {
        var log = new SqliteLog(directory);
        Files.writeString(directory.resolve("history.db-wal"), "committed");

        assertThatThrownBy(log::open)
                .isInstanceOf(HistoryFileException.class)
                .hasMessage(log.file() + " is missing, but history.db-wal is there (expected: both, or neither)");
        assertThat(log.file()).doesNotExist();
    }

    @Test
    void whatWasOnlyBegunIsBegunAgain() throws Exception {
        Files.writeString(directory.resolve("history.db.new"), "begun");
        made();
        assertThat(directory.resolve("history.db.new")).doesNotExist();
    }

    @Test
    void aDirectoryThatCannotBeIsRefused() throws Exception {
        var file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(new SqliteLog(file)::open)
                .isInstanceOf(HistoryFileException.class)
                .hasMessageStartingWith(file + " cannot be used: ")
                .hasMessageEndingWith("(expected: a directory that this server may write to)");
    }

    @Test
    void aSecondOneInTheSameDirectoryIsRefusedUntilTheFirstIsClosed() throws Exception {
        var log = new SqliteLog(directory);
        try (var history = log.open()) {
            assertThatThrownBy(log::open)
                    .isInstanceOf(HistoryFileException.class)
                    .hasMessage(directory + " is in use by another server (expected: a directory of its own)");
            log.append(history, "a", 1, 1);
        }
        log.open().close();
    }

    @Test
    void oneOfAnOlderVersionIsBroughtUpToThisOne() throws Exception {
        made();
        var newer =
                new Schema(List.of(List.of(), List.of("ALTER TABLE log ADD COLUMN note TEXT NOT NULL DEFAULT 'x'")));
        try (var database = Database.open(directory, newer);
                var connection = database.connectToRead();
                var statement = connection.createStatement()) {
            assertThat(statement.executeQuery("PRAGMA user_version").getInt(1)).isEqualTo(2);
            assertThat(statement.executeQuery("SELECT note FROM log").getString(1))
                    .isEqualTo("x");
            assertThat(statement.executeQuery("SELECT count(*) FROM message").getInt(1))
                    .isEqualTo(300);
        }
    }

    @Test
    void aStepThatFailsLeavesTheVersionAsItWas() throws Exception {
        var log = made();
        var broken = new Schema(List.of(List.of(), List.of("CREATE TABLE note (text TEXT)", "no SQL")));
        assertThatThrownBy(() -> Database.open(directory, broken)).isInstanceOf(HistoryFileException.class);

        try (var outside = log.connect();
                var statement = outside.createStatement()) {
            assertThat(statement.executeQuery("PRAGMA user_version").getInt(1)).isEqualTo(1);
            assertThat(statement
                            .executeQuery("SELECT count(*) FROM sqlite_schema WHERE name = 'note'")
                            .getInt(1))
                    .isZero();
        }
    }
}

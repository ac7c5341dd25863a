package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a test without a power switch cannot show otherwise: how the connection that writes is set. */
final class PragmasTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "journal_mode, wal",
        // 2 is FULL: in write-ahead-log mode, a commit returns when the log is on the disk.
        "synchronous, 2",
        "mmap_size, 0",
        "busy_timeout, 10000",
        "journal_size_limit, 67108864",
    })
    void aCommitIsOnTheDiskBeforeItReturns(String pragma, String value) throws Exception {
        try (var database = Database.open(directory);
                var connection = database.connectToWrite();
                var statement = connection.createStatement();
                var result = statement.executeQuery("PRAGMA " + pragma)) {
            // Without a memory map SQLite may have no answer at all.
            assertThat(result.next() ? result.getString(1) : "0").isEqualTo(value);
        }
    }
}

package io.duplexer.app.history;

import io.duplexer.app.history.sqlite.SqliteHistory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept in a database. */
final class SqliteHistoryTest extends HistoryConcurrencyContract {
    @TempDir
    Path directory;

    private int opened;

    @Override
    History open() {
        try {
            return SqliteHistory.open(
                    directory.resolve("history " + ++opened),
                    Retentions.of(100, 1_000_000),
                    InstantSource.fixed(Instant.EPOCH));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

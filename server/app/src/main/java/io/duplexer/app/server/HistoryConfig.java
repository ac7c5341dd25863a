package io.duplexer.app.server;

import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retention;
import io.duplexer.app.history.sqlite.HistoryFileException;
import io.duplexer.app.history.sqlite.SqliteHistory;
import io.duplexer.app.port.StartException;
import java.nio.file.Path;
import java.time.InstantSource;

/** Where messages are kept, and for how long. */
public sealed interface HistoryConfig {
    Retention retention();

    /**
     * Opens the history.
     *
     * @throws StartException if it cannot be used
     */
    History open() throws StartException;

    /** In memory, until the server stops. */
    record Memory(Retention retention) implements HistoryConfig {
        /** More than a demonstration needs, and little enough for a small machine. */
        private static final long MAX_BYTES = 256L * 1024 * 1024;

        @Override
        public History open() {
            return new MemoryHistory(retention, MAX_BYTES);
        }
    }

    /** In a database in {@code directory}, which is made if it is missing. */
    record Sqlite(Path directory, Retention retention) implements HistoryConfig {
        @Override
        public History open() throws StartException {
            try {
                return SqliteHistory.open(directory, retention, InstantSource.system());
            } catch (HistoryFileException e) {
                throw new StartException("--data: " + e.getMessage());
            }
        }
    }
}

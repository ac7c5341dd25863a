package io.duplexer.app.history.sqlite;

import io.duplexer.app.history.Appended;
import io.duplexer.app.history.History;
import io.duplexer.app.history.HistoryUnavailableException;
import io.duplexer.app.history.Page;
import io.duplexer.app.history.Retention;
import io.duplexer.app.history.sqlite.AppendQueue.Pending;
import io.duplexer.chat.v1.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log in a SQLite database. What has been acknowledged is on the disk: it survives the end of the process and of the
 * machine's power. When the disk is full or fails, messages are refused and reading goes on; a second later it is tried
 * again.
 *
 * <p>Appending adds to a bounded queue; futures of appends complete on the writer's thread, after the tail was told.
 * Reads of what is in memory complete on the caller's thread, others on one of the readers'.
 */
public final class SqliteHistory implements History {
    private static final Logger logger = LoggerFactory.getLogger(SqliteHistory.class);
    /** For the newest messages of all rooms: with the messages themselves in memory for others, too, mostly less. */
    private static final long TAIL_BYTES = 32 * 1024 * 1024;

    /** How long closing waits for a commit that is on its way to the disk. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Database database;
    private final Startup startup;
    private final Readers readers;
    private final AppendQueue queue = new AppendQueue();
    private final TailMemory tails = new TailMemory(TAIL_BYTES);
    private final Health health = new Health();
    private final Writer writer;
    private final Thread writing;

    private SqliteHistory(Database database, Retention retention, InstantSource clock) throws SQLException {
        this.database = database;
        this.readers = new Readers(database);
        try (var connection = database.connectToRead()) {
            this.startup = Startup.read(connection);
        }
        this.writer = new Writer(database, queue, startup.rooms(), tails, retention, clock, health);
        this.writing = new Thread(writer, "history-writer");
    }

    /**
     * Opens the log in {@code directory}, which is made if it is missing.
     *
     * @param clock for the age of messages
     * @throws HistoryFileException when the log is in use, damaged, not one of this server, or cannot be made
     */
    public static SqliteHistory open(Path directory, Retention retention, InstantSource clock)
            throws HistoryFileException {
        var database = Database.open(directory);
        try {
            var history = new SqliteHistory(database, retention, clock);
            history.writing.start();
            return history;
        } catch (SQLException e) {
            close(database);
            throw database.unusable(e);
        }
    }

    @Override
    public String epoch() {
        return startup.epoch();
    }

    @Override
    public CompletableFuture<Appended> append(Message message) {
        var pending = new Pending(message);
        switch (queue.offer(pending)) {
            case TAKEN -> {}
            case FULL ->
                pending.result()
                        .completeExceptionally(new HistoryUnavailableException(
                                "messages come faster than the disk takes them (expected: try again later)"));
            case CLOSED -> pending.result().completeExceptionally(new IllegalStateException("the history is closed"));
        }
        return pending.result();
    }

    @Override
    public void tail(Consumer<Message> listener) {
        writer.tail(listener);
    }

    @Override
    public void health(Consumer<Boolean> listener) {
        health.listen(listener);
    }

    @Override
    public CompletableFuture<Page> after(String room, long sequence, int limit) {
        var stored = startup.rooms().find(room);
        if (stored == null) {
            return CompletableFuture.completedFuture(emptyPage());
        }
        var page = stored.after(sequence, limit);
        if (page != null) {
            return CompletableFuture.completedFuture(page);
        }
        return readers.read(reader -> stored.afterPage(
                        reader.after(stored.id(), Math.max(0, sequence), limit).messages()))
                .thenApply(read -> used(stored, read));
    }

    @Override
    public CompletableFuture<Page> before(String room, long sequence, int limit) {
        var stored = startup.rooms().find(room);
        if (stored == null) {
            return CompletableFuture.completedFuture(emptyPage());
        }
        var page = stored.before(sequence, limit);
        if (page != null) {
            return CompletableFuture.completedFuture(page);
        }
        var newest = Math.min(sequence, stored.head() + 1);
        return readers.read(reader -> stored.beforePage(
                        reader.before(stored.id(), newest, limit).reversed()))
                .thenApply(read -> used(stored, read));
    }

    @Override
    public CompletableFuture<Long> beforeNewest(String room, int count) {
        var stored = startup.rooms().find(room);
        return CompletableFuture.completedFuture(
                stored == null ? startup.rooms().floor() : stored.beforeNewest(count));
    }

    private Page emptyPage() {
        return new Page(List.of(), 0, startup.rooms().floor());
    }

    /** What was read may be the room's tail now. */
    private Page used(StoredRoom room, Page page) {
        tails.used(room);
        return page;
    }

    @Override
    public synchronized void close() {
        queue.close();
        try {
            writing.join(PATIENCE.toMillis());
            if (writing.isAlive()) {
                logger.error("the history's disk does not answer: what it had not confirmed is not acknowledged");
                return;
            }
            readers.close();
            writer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            logger.warn("the history was not closed in order", e);
        }
        close(database);
    }

    private static void close(Database database) {
        try {
            database.close();
        } catch (IOException e) {
            logger.warn("the history's lock was not given back in order", e);
        }
    }
}

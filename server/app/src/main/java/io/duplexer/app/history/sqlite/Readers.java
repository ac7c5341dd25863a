package io.duplexer.app.history.sqlite;

import io.duplexer.app.history.HistoryUnavailableException;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that read from the disk, each with a connection. What waits for them is bounded. */
final class Readers implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 20_000;

    private final BlockingQueue<LogReader> idle = new ArrayBlockingQueue<>(THREADS);
    private final ThreadPoolExecutor executor;

    /** What is read. */
    @FunctionalInterface
    interface Query<T> {
        T run(LogReader reader) throws SQLException;
    }

    Readers(Database database) throws SQLException {
        var number = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                task -> new Thread(task, "history-reader-" + number.incrementAndGet()));
        for (var i = 0; i < THREADS; i++) {
            idle.add(new LogReader(database.connectToRead()));
        }
    }

    <T> CompletableFuture<T> read(Query<T> query) {
        try {
            return CompletableFuture.supplyAsync(() -> run(query), executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new HistoryUnavailableException(
                    executor.isShutdown()
                            ? "the history is closed"
                            : MAX_WAITING + " reads wait already (expected: try again later)"));
        }
    }

    private <T> T run(Query<T> query) {
        var reader = idle.remove();
        try {
            return query.run(reader);
        } catch (SQLException e) {
            throw new CompletionException(e);
        } finally {
            idle.add(reader);
        }
    }

    @Override
    public void close() throws SQLException {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new SQLException("a read does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (var reader = idle.poll(); reader != null; reader = idle.poll()) {
            reader.close();
        }
    }
}

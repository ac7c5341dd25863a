package io.duplexer.app.history.sqlite;

import io.duplexer.app.history.HistoryUnavailableException;
import io.duplexer.app.history.Retention;
import io.duplexer.app.history.sqlite.AppendQueue.Pending;
import io.duplexer.chat.v1.Message;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes. It commits what has gathered, lets readers see it, tells the tail and then the senders; when
 * nothing waits it deletes what is no longer kept.
 *
 * <p>A batch that cannot be committed is refused as a whole, and the next one is written on a new connection. When the
 * disk refused to confirm it, such a batch may still be found after a crash: it is then in the log although its senders
 * were told that it is not. They send it again under the same ids, and it is a duplicate.
 */
final class Writer implements Runnable, AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(Writer.class);
    /** Between looks for what is to be deleted, and between trials of a disk that failed. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Between deletions while messages keep coming. */
    private static final long BUSY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Database database;
    private final AppendQueue queue;
    private final Rooms rooms;
    private final TailMemory tails;
    private final Retention retention;
    private final InstantSource clock;
    private final Health health;
    private final Pruner pruner;
    private volatile Consumer<Message> listener = message -> {};
    private @Nullable LogWriter log;
    private boolean moreToPrune;
    private long nextLook = System.nanoTime();

    Writer(
            Database database,
            AppendQueue queue,
            Rooms rooms,
            TailMemory tails,
            Retention retention,
            InstantSource clock,
            Health health) {
        this.database = database;
        this.queue = queue;
        this.rooms = rooms;
        this.tails = tails;
        this.retention = retention;
        this.clock = clock;
        this.health = health;
        this.pruner = new Pruner(retention, rooms, tails);
    }

    void tail(Consumer<Message> newListener) {
        listener = newListener;
    }

    @Override
    public void run() {
        try {
            while (!queue.isDone()) {
                var batch = queue.take(moreToPrune ? 0 : TimeUnit.NANOSECONDS.toMillis(PAUSE_NANOS));
                if (!batch.isEmpty()) {
                    writeOrRefuse(batch);
                }
                lookAfterTheLog();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Nobody is left waiting, and nobody told that all is well, even if this thread has failed.
            if (!queue.isDone()) {
                health.broken(new IllegalStateException("the thread that writes has ended"));
            }
            queue.close();
            for (var rest = take(); !rest.isEmpty(); rest = take()) {
                refuse(rest, new IllegalStateException("the history is closed"));
            }
        }
    }

    /**
     * To be called when {@link #run} is over and nobody reads any more: the last connection that is closed, if it may
     * write, tidies the log up.
     */
    @Override
    public void close() {
        disconnect();
    }

    private List<Pending> take() {
        try {
            return queue.take(0);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a closed queue does not wait", e);
        }
    }

    private LogWriter log() throws SQLException {
        var current = log;
        if (current == null) {
            current = new LogWriter(database.connectToWrite());
            log = current;
        }
        return current;
    }

    private void writeOrRefuse(List<Pending> messages) {
        try {
            write(messages);
        } catch (RuntimeException | Error e) {
            refuse(messages, new IllegalStateException("the history has failed", e));
            throw e;
        }
    }

    private void write(List<Pending> messages) {
        Batch batch;
        try {
            batch = new Batch(rooms, retention.maxRooms(), log());
            batch.write(messages);
        } catch (SQLException | RuntimeException e) {
            broken(e);
            refuse(messages, new HistoryUnavailableException("the history cannot be written (expected: try again)"));
            return;
        }
        health.well();
        var outcomes = batch.apply();
        batch.written().forEach(tails::used);
        for (var outcome : outcomes) {
            var appended = outcome.appended();
            if (appended != null && !appended.duplicate()) {
                tell(appended.message());
            }
        }
        outcomes.forEach(Batch.Outcome::complete);
    }

    private void tell(Message message) {
        try {
            listener.accept(message);
        } catch (RuntimeException e) {
            logger.error("[{}] the tail's listener failed", message.getRoom(), e);
        }
    }

    private static void refuse(List<Pending> messages, Exception reason) {
        messages.forEach(pending -> pending.result().completeExceptionally(reason));
    }

    private void lookAfterTheLog() {
        var now = System.nanoTime();
        if (!(moreToPrune && queue.isEmpty()) && now - nextLook < 0) {
            return;
        }
        try {
            if (!health.isHealthy()) {
                log().check();
                log().commit();
                health.well();
            }
            moreToPrune = pruner.prune(log(), clock.millis());
        } catch (SQLException | RuntimeException e) {
            moreToPrune = false;
            broken(e);
        }
        nextLook = System.nanoTime() + (moreToPrune ? BUSY_PAUSE_NANOS : PAUSE_NANOS);
    }

    private void broken(Exception cause) {
        health.broken(cause);
        disconnect();
    }

    private void disconnect() {
        var current = log;
        log = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                logger.warn("the history's connection could not be closed", e);
            }
        }
    }
}

package io.duplexer.app.chat;

import io.duplexer.app.history.Appended;
import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Page;
import io.duplexer.app.history.Retentions;
import io.duplexer.chat.v1.Message;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A log whose steps the test takes one by one: a read is done when it is asked for and answered on
 * {@link #answerRead}; a message can be read at once and reaches the tail, and its sender, on {@link #commit}, as with
 * an engine that commits many messages together. Appends may come from any thread.
 */
public final class ManualHistory implements History {
    private final MemoryHistory log;
    private final Queue<Runnable> reads = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> commits = new ConcurrentLinkedQueue<>();
    private volatile Consumer<Message> listener = message -> {};
    private final AtomicInteger openAppends = new AtomicInteger();
    private volatile boolean holdsReads;
    private volatile boolean holdsCommits;
    private volatile @Nullable RuntimeException readFailure;

    public ManualHistory() {
        this(Long.MAX_VALUE);
    }

    public ManualHistory(long maxBytes) {
        log = new MemoryHistory(Retentions.of(1_000, 1_000_000), maxBytes);
        log.tail(message -> commits.add(() -> listener.accept(message)));
    }

    public void holdReads(boolean hold) {
        holdsReads = hold;
    }

    public void holdCommits(boolean hold) {
        holdsCommits = hold;
    }

    /** Reads that are asked for from now on fail. */
    public void failReads(RuntimeException failure) {
        readFailure = failure;
    }

    /** How many messages have been appended and wait for {@link #commit}. */
    public int openAppends() {
        return openAppends.get();
    }

    /** How many reads wait for {@link #answerRead}. */
    public int openReads() {
        return reads.size();
    }

    public void answerRead() {
        reads.remove().run();
    }

    /** Brings all that was appended to the tail, and then to its senders. */
    public synchronized void commit() {
        for (var next = commits.poll(); next != null; next = commits.poll()) {
            next.run();
        }
    }

    @Override
    public String epoch() {
        return log.epoch();
    }

    @Override
    public CompletableFuture<Appended> append(Message message) {
        var stored = log.append(message);
        var acknowledged = new CompletableFuture<Appended>();
        openAppends.incrementAndGet();
        commits.add(() -> {
            openAppends.decrementAndGet();
            pass(stored, acknowledged);
        });
        if (!holdsCommits) {
            commit();
        }
        return acknowledged;
    }

    @Override
    public void tail(Consumer<Message> newListener) {
        listener = newListener;
    }

    @Override
    public CompletableFuture<Page> after(String room, long sequence, int limit) {
        return read(() -> log.after(room, sequence, limit));
    }

    @Override
    public CompletableFuture<Page> before(String room, long sequence, int limit) {
        return read(() -> log.before(room, sequence, limit));
    }

    private CompletableFuture<Page> read(Supplier<CompletableFuture<Page>> read) {
        var failure = readFailure;
        var page = failure == null ? read.get() : CompletableFuture.<Page>failedFuture(failure);
        if (!holdsReads) {
            return page;
        }
        var answer = new CompletableFuture<Page>();
        reads.add(() -> pass(page, answer));
        return answer;
    }

    @Override
    public CompletableFuture<Long> beforeNewest(String room, int count) {
        return log.beforeNewest(room, count);
    }

    @Override
    public void health(Consumer<Boolean> healthListener) {
        log.health(healthListener);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are passed on.
    private static <T> void pass(CompletableFuture<T> from, CompletableFuture<T> to) {
        from.whenComplete((value, failure) -> {
            if (failure == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    @Override
    public void close() {
        log.close();
    }
}

package io.duplexer.app.chat;

import io.duplexer.app.history.Appended;
import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Page;
import io.duplexer.app.history.Retentions;
import io.duplexer.chat.v1.Message;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A log that works as one on disk does: one thread writes whatever is queued, after which all of it can be read, then
 * brings it to the tail and to its senders; other threads read.
 */
final class GroupCommitHistory implements History {
    private record Pending(Message message, CompletableFuture<Appended> result) {}

    private final MemoryHistory log = new MemoryHistory(Retentions.of(1_000, 1_000_000), Long.MAX_VALUE);
    private final BlockingQueue<Pending> queue = new LinkedBlockingQueue<>();
    private final ExecutorService readers = Executors.newFixedThreadPool(2);
    private final Thread writer = new Thread(this::write, "writer");
    private volatile Consumer<Message> listener = message -> {};

    GroupCommitHistory() {
        writer.start();
    }

    private void write() {
        try {
            while (true) {
                var batch = new ArrayList<Pending>();
                batch.add(queue.take());
                queue.drainTo(batch, 15);
                var results = batch.stream()
                        .map(one -> log.append(one.message()).join())
                        .toList();
                results.stream()
                        .filter(result -> !result.duplicate())
                        .forEach(result -> listener.accept(result.message()));
                for (var i = 0; i < batch.size(); i++) {
                    batch.get(i).result().complete(results.get(i));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String epoch() {
        return log.epoch();
    }

    @Override
    public CompletableFuture<Appended> append(Message message) {
        var result = new CompletableFuture<Appended>();
        queue.add(new Pending(message, result));
        return result;
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

    @Override
    public CompletableFuture<Long> beforeNewest(String room, int count) {
        return read(() -> log.beforeNewest(room, count));
    }

    @Override
    public void health(Consumer<Boolean> healthListener) {
        log.health(healthListener);
    }

    private <T> CompletableFuture<T> read(Supplier<CompletableFuture<T>> read) {
        return CompletableFuture.supplyAsync(() -> read.get().join(), readers);
    }

    @Override
    public void close() {
        writer.interrupt();
        readers.shutdown();
    }
}

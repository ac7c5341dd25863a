package io.duplexer.app.history;

import io.duplexer.chat.v1.Message;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A log that lives as long as the process: for benchmarks and throw-away use.
 *
 * <p>One lock guards all of it. The tail's listener runs on the appending thread, under that lock, which is what
 * keeps its order; it must not block.
 */
public final class MemoryHistory implements History {
    private final Retention retention;
    private final String epoch = UUID.randomUUID().toString();
    private final Map<String, RoomLog> rooms = new HashMap<>();
    /** Every stored message with its log, oldest first. */
    private final LinkedHashMap<Message, RoomLog> byAge = new LinkedHashMap<>();

    private Consumer<Message> listener = message -> {};
    private long bytes;
    private boolean closed;

    public MemoryHistory(Retention retention) {
        this.retention = retention;
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public synchronized void tail(Consumer<Message> listener) {
        this.listener = listener;
    }

    @Override
    public synchronized CompletableFuture<Appended> append(Message message) {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("the history is closed"));
        }
        var log = rooms.get(message.getRoom());
        if (log == null) {
            if (rooms.size() >= retention.maxRooms()) {
                return CompletableFuture.failedFuture(
                        new HistoryFullException("room: " + message.getRoom() + " would be one more than the "
                                + retention.maxRooms() + " rooms that may have messages (expected: an existing room)"));
            }
            log = new RoomLog();
            rooms.put(message.getRoom(), log);
        }
        var first = log.find(message.getUserId(), message.getId());
        if (first != null) {
            return CompletableFuture.completedFuture(new Appended(first, true));
        }
        var stored = log.append(message);
        byAge.put(stored, log);
        bytes += stored.getSerializedSize();
        if (log.size() > retention.maxMessagesPerRoom()) {
            dropOldest(log);
        }
        while (bytes > retention.maxBytes()) {
            dropOldest(byAge.values().iterator().next());
        }
        listener.accept(stored);
        return CompletableFuture.completedFuture(new Appended(stored, false));
    }

    private void dropOldest(RoomLog log) {
        var dropped = log.dropOldest();
        byAge.remove(dropped);
        bytes -= dropped.getSerializedSize();
    }

    @Override
    public CompletableFuture<Page> after(String room, long sequence, int limit) {
        return read(room, log -> log.after(sequence, limit));
    }

    @Override
    public CompletableFuture<Page> before(String room, long sequence, int limit) {
        return read(room, log -> log.before(sequence, limit));
    }

    private synchronized CompletableFuture<Page> read(String room, Function<RoomLog, Page> read) {
        var log = rooms.get(room);
        return CompletableFuture.completedFuture(read.apply(log == null ? new RoomLog() : log));
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}

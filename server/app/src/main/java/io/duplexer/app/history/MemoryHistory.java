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
    private final long maxBytes;
    private final String epoch = UUID.randomUUID().toString();
    private final Map<String, RoomLog> rooms = new HashMap<>();
    /** Every stored message with its log, oldest first. */
    private final LinkedHashMap<Message, RoomLog> byAge = new LinkedHashMap<>();

    /** Rooms without messages, in the order in which they lost the last one. */
    private final LinkedHashMap<String, RoomLog> empty = new LinkedHashMap<>();

    private Consumer<Message> listener = message -> {};
    private long bytes;
    /**
     * The greatest sequence of the rooms that were forgotten. Rooms begin after it: if one began anew, a client could
     * resume from a place that has another message now.
     */
    private long floor;

    private boolean closed;

    /**
     * An empty log.
     *
     * @param maxBytes of all messages together, in bytes of their protobuf encoding; the oldest go first
     */
    public MemoryHistory(Retention retention, long maxBytes) {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: > 0)");
        }
        this.retention = retention;
        this.maxBytes = maxBytes;
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public synchronized void tail(Consumer<Message> newListener) {
        listener = newListener;
    }

    @Override
    public void health(Consumer<Boolean> healthListener) {
        healthListener.accept(true);
    }

    @Override
    public synchronized CompletableFuture<Appended> append(Message message) {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("the history is closed"));
        }
        var room = message.getRoom();
        var log = rooms.get(room);
        if ((log == null || log.size() == 0) && rooms.size() - empty.size() >= retention.maxRooms()) {
            return CompletableFuture.failedFuture(HistoryFullException.rooms(room, retention.maxRooms()));
        }
        if (log == null) {
            log = new RoomLog(floor);
            rooms.put(room, log);
        }
        var first = log.find(message.getUserId(), message.getId());
        if (first != null) {
            return CompletableFuture.completedFuture(new Appended(first, true));
        }
        var stored = log.append(message);
        empty.remove(room);
        byAge.put(stored, log);
        bytes += stored.getSerializedSize();
        if (log.size() > retention.maxMessagesPerRoom()) {
            drop(log.dropOldest());
        }
        dropOldest(retention.oldestMillis(stored.getTimestamp()));
        listener.accept(stored);
        return CompletableFuture.completedFuture(new Appended(stored, false));
    }

    private void dropOldest(long oldestMillis) {
        while (!byAge.isEmpty()) {
            var oldest = byAge.entrySet().iterator().next();
            if (bytes <= maxBytes && oldest.getKey().getTimestamp() >= oldestMillis) {
                return;
            }
            drop(oldest.getValue().dropOldest());
            forget(oldest.getKey().getRoom(), oldest.getValue());
        }
    }

    private void drop(Message dropped) {
        byAge.remove(dropped);
        bytes -= dropped.getSerializedSize();
    }

    /** Of the rooms that have no message left as many as may have some are remembered, for their heads. */
    private void forget(String room, RoomLog log) {
        if (log.size() > 0) {
            return;
        }
        empty.put(room, log);
        if (empty.size() > retention.maxRooms()) {
            var forgotten = empty.entrySet().iterator().next();
            floor = Math.max(floor, forgotten.getValue().head());
            rooms.remove(forgotten.getKey());
            empty.remove(forgotten.getKey());
        }
    }

    @Override
    public CompletableFuture<Page> after(String room, long sequence, int limit) {
        return read(room, log -> log.after(sequence, limit));
    }

    @Override
    public CompletableFuture<Page> before(String room, long sequence, int limit) {
        return read(room, log -> log.before(sequence, limit));
    }

    @Override
    public CompletableFuture<Long> beforeNewest(String room, int count) {
        return read(room, log -> log.beforeNewest(count));
    }

    private synchronized <T> CompletableFuture<T> read(String room, Function<RoomLog, T> read) {
        var log = rooms.get(room);
        return CompletableFuture.completedFuture(read.apply(log == null ? new RoomLog(floor) : log));
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}

package io.duplexer.app.history.sqlite;

import io.duplexer.app.history.Page;
import io.duplexer.app.history.PageBuilder;
import io.duplexer.chat.v1.Message;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a room without reading: where its messages begin and end, and its newest messages, without a gap.
 * The sequences of a room have none either. Thread-safe; only the writer changes where it begins and ends.
 */
final class StoredRoom {
    /** Of the newest messages: what a join may ask for. */
    static final int TAIL_MESSAGES = 1_000;

    static final int TAIL_BYTES = 256 * 1024;
    /** What a message takes in memory beyond its text. */
    private static final int OVERHEAD_BYTES = 200;

    static final long UNKNOWN = Long.MIN_VALUE;

    private final int id;
    private final String name;
    /** The sequence of the oldest message, or one more than {@code head}. */
    private long oldest;

    private long head;
    /** The timestamp of the oldest message, or {@link #UNKNOWN}. */
    private long oldestMillis = UNKNOWN;

    private final ArrayDeque<Message> tail = new ArrayDeque<>();
    private int tailBytes;

    StoredRoom(int id, String name, long oldest, long head) {
        this.id = id;
        this.name = name;
        this.oldest = oldest;
        this.head = head;
    }

    int id() {
        return id;
    }

    String name() {
        return name;
    }

    synchronized long oldest() {
        return oldest;
    }

    /** The newest sequence, of a message that is stored or was. */
    synchronized long head() {
        return head;
    }

    synchronized boolean isEmpty() {
        return oldest > head;
    }

    synchronized long oldestMillis() {
        return oldestMillis;
    }

    synchronized void foundOldest(long millis) {
        oldestMillis = millis;
    }

    synchronized int tailBytes() {
        return tailBytes;
    }

    /** The next message has been stored. */
    synchronized void add(Message message) {
        head = message.getSequence();
        if (head == oldest) {
            oldestMillis = message.getTimestamp();
        }
        addToTail(message);
    }

    private void addToTail(Message message) {
        tail.add(message);
        tailBytes += size(message);
        while (tail.size() > TAIL_MESSAGES || (tailBytes > TAIL_BYTES && tail.size() > 1)) {
            tailBytes -= size(tail.remove());
        }
    }

    private static int size(Message message) {
        return message.getSerializedSize() + OVERHEAD_BYTES;
    }

    /** Messages up to {@code sequence} are no longer stored. */
    synchronized void drop(long sequence) {
        oldest = Math.max(oldest, sequence + 1);
        oldestMillis = UNKNOWN;
        while (!tail.isEmpty() && tail.peek().getSequence() < oldest) {
            tailBytes -= size(tail.remove());
        }
    }

    synchronized void forgetTail() {
        tail.clear();
        tailBytes = 0;
    }

    /** Takes what was read as the tail, if there is none and it reaches to the newest message. */
    private void remember(List<Message> read) {
        if (tail.isEmpty() && !read.isEmpty() && read.get(read.size() - 1).getSequence() == head) {
            read.forEach(this::addToTail);
        }
    }

    /** The page if it can be had from memory. */
    synchronized @Nullable Page after(long sequence, int limit) {
        if (sequence >= head) {
            return new Page(List.of(), 0, head);
        }
        var start = Math.max(sequence, oldest - 1);
        if (tail.isEmpty() || start + 1 < tail.element().getSequence()) {
            return null;
        }
        var page = new PageBuilder(limit);
        var behind = tail.iterator();
        for (var skip = start + 1 - tail.element().getSequence(); skip > 0; skip--) {
            behind.next();
        }
        while (behind.hasNext() && page.add(behind.next())) {}
        return new Page(page.messages(), head - start, head);
    }

    /** The page if it can be had from memory. */
    synchronized @Nullable Page before(long sequence, int limit) {
        var newest = Math.min(head, sequence - 1);
        if (newest < oldest) {
            return new Page(List.of(), 0, head);
        }
        if (tail.isEmpty() || newest < tail.element().getSequence()) {
            return null;
        }
        var page = new PageBuilder(limit);
        var backward = tail.descendingIterator();
        for (var skip = head - newest; skip > 0; skip--) {
            backward.next();
        }
        var full = false;
        while (backward.hasNext() && !full) {
            full = !page.add(backward.next());
        }
        if (!full && page.messages().size() < Math.min(limit, newest - oldest + 1)) {
            return null;
        }
        return new Page(page.reversed(), newest - oldest + 1, head);
    }

    /** The page of messages that were read forward; meanwhile some may have been added, or dropped. */
    synchronized Page afterPage(List<Message> read) {
        remember(read);
        if (read.isEmpty()) {
            return new Page(read, 0, head);
        }
        var newest = Math.max(head, read.get(read.size() - 1).getSequence());
        return new Page(read, newest - read.get(0).getSequence() + 1, newest);
    }

    /** The page of messages that were read backward, and are in ascending order. */
    synchronized Page beforePage(List<Message> read) {
        remember(read);
        if (read.isEmpty()) {
            return new Page(read, 0, head);
        }
        var newest = read.get(read.size() - 1).getSequence();
        return new Page(read, Math.max(read.size(), newest - oldest + 1), Math.max(head, newest));
    }

    synchronized long beforeNewest(int count) {
        return Math.max(oldest - 1, head - count);
    }
}

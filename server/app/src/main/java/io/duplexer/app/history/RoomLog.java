package io.duplexer.app.history;

import io.duplexer.chat.v1.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One room of a {@link MemoryHistory}: sequences count up without a hole. Guarded by the history's lock. */
final class RoomLog {
    private final TreeMap<Long, Message> messages = new TreeMap<>();
    private final Map<Key, Message> byId = new HashMap<>();
    private long head;

    private record Key(String userId, String id) {}

    /**
     * A room without messages.
     *
     * @param head after which its sequences begin
     */
    RoomLog(long head) {
        this.head = head;
    }

    @Nullable
    Message find(String userId, String id) {
        return byId.get(new Key(userId, id));
    }

    Message append(Message message) {
        var stored = message.toBuilder()
                .setPreviousSequence(head)
                .setSequence(++head)
                .build();
        messages.put(head, stored);
        byId.put(new Key(stored.getUserId(), stored.getId()), stored);
        return stored;
    }

    Message dropOldest() {
        var oldest = messages.pollFirstEntry().getValue();
        byId.remove(new Key(oldest.getUserId(), oldest.getId()));
        return oldest;
    }

    int size() {
        return messages.size();
    }

    long head() {
        return head;
    }

    Page after(long sequence, int limit) {
        var page =
                new PageBuilder(limit).addAll(messages.tailMap(sequence, false).values());
        return new Page(page.messages(), head - Math.min(head, Math.max(sequence, dropped())), head);
    }

    Page before(long sequence, int limit) {
        var newest = Math.min(head, sequence - 1);
        var page = new PageBuilder(limit)
                .addAll(messages.headMap(newest, true).descendingMap().values());
        return new Page(page.reversed(), Math.max(0, newest - dropped()), head);
    }

    long beforeNewest(int count) {
        return Math.max(dropped(), head - count);
    }

    /** The newest sequence that retention took, 0 while it took none. */
    private long dropped() {
        return head - messages.size();
    }
}

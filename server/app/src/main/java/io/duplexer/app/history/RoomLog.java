package io.duplexer.app.history;

import io.duplexer.chat.v1.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One room of a {@link MemoryHistory}: sequences count up from 1 without a hole. Guarded by the history's lock. */
final class RoomLog {
    private final TreeMap<Long, Message> messages = new TreeMap<>();
    private final Map<Key, Message> byId = new HashMap<>();
    private long head;

    private record Key(String userId, String id) {}

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

    Page after(long sequence, int limit) {
        var page = messages.tailMap(sequence, false).values().stream().limit(limit);
        return new Page(page.toList(), head - Math.min(head, Math.max(sequence, dropped())), head);
    }

    Page before(long sequence, int limit) {
        var newest = Math.min(head, sequence - 1);
        var page = messages.subMap(Math.min(newest, newest - limit), false, newest, true);
        return new Page(page.values().stream().toList(), Math.max(0, newest - dropped()), head);
    }

    /** The newest sequence that retention took, 0 while it took none. */
    private long dropped() {
        return head - messages.size();
    }
}

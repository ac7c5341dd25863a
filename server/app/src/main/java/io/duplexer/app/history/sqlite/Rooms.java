package io.duplexer.app.history.sqlite;

import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The rooms of the database. Any thread may look one up; all else is the writer's. */
final class Rooms {
    private final Map<String, StoredRoom> byName = new ConcurrentHashMap<>();
    private final BitSet ids = new BitSet();
    /** Rooms without messages, in the order in which they lost the last one. */
    private final LinkedHashSet<StoredRoom> empty = new LinkedHashSet<>();
    /**
     * The greatest sequence of the rooms that were forgotten. Rooms begin after it: if one began anew, a client could
     * resume from a place that has another message now.
     */
    private volatile long floor;

    Rooms(long floor) {
        this.floor = floor;
    }

    @Nullable
    StoredRoom find(String name) {
        return byName.get(name);
    }

    Collection<StoredRoom> all() {
        return byName.values();
    }

    long floor() {
        return floor;
    }

    /** Rooms with messages. */
    int occupied() {
        return byName.size() - empty.size();
    }

    /** Rooms that are remembered for their heads only, oldest first. */
    Collection<StoredRoom> empty() {
        return empty;
    }

    /** The least number from {@code first} on that is no room's. */
    int freeId(int first) {
        return ids.nextClearBit(first);
    }

    void add(StoredRoom room) {
        byName.put(room.name(), room);
        ids.set(room.id());
        changed(room);
    }

    /** The room may have got its first message, or lost its last one. */
    void changed(StoredRoom room) {
        if (room.isEmpty()) {
            empty.add(room);
        } else {
            empty.remove(room);
        }
    }

    void remove(StoredRoom room, long newFloor) {
        floor = newFloor;
        byName.remove(room.name());
        ids.clear(room.id());
        empty.remove(room);
    }
}

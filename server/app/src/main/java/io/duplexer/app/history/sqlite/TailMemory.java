package io.duplexer.app.history.sqlite;

import java.util.LinkedHashMap;

/**
 * Bounds what the tails of all rooms take together: the room that was used longest ago loses its own first. Thread-safe;
 * never called with a room's monitor held, for it takes that of the room it empties.
 */
final class TailMemory {
    private final long maxBytes;
    private final LinkedHashMap<StoredRoom, Integer> bytesByUse = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    TailMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized void used(StoredRoom room) {
        var size = room.tailBytes();
        var before = bytesByUse.put(room, size);
        bytes += size - (before == null ? 0 : before);
        while (bytes > maxBytes && bytesByUse.size() > 1) {
            forget(bytesByUse.keySet().iterator().next());
        }
    }

    /** Messages of the room have been dropped. If none is left, neither is the room kept here. */
    synchronized void shrunk(StoredRoom room) {
        if (room.tailBytes() == 0) {
            forget(room);
        } else if (bytesByUse.containsKey(room)) {
            used(room);
        }
    }

    synchronized void forget(StoredRoom room) {
        var size = bytesByUse.remove(room);
        if (size != null) {
            bytes -= size;
            room.forgetTail();
        }
    }

    synchronized long bytes() {
        return bytes;
    }
}

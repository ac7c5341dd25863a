package io.duplexer.app.history.sqlite;

import io.duplexer.app.history.Retention;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes what is no longer kept, a little at a time: the writer does it between batches, and those who wait for the
 * next one are not to notice.
 */
final class Pruner {
    /** Messages that one transaction deletes: at some 2 us of the writer's time each, a few milliseconds. */
    static final int CHUNK = 4_000;
    /** Of them at most so many of one room, so that a busy one does not keep the others waiting. */
    private static final int ROOM_CHUNK = CHUNK / 4;

    private final Retention retention;
    private final Rooms rooms;
    private final TailMemory tails;

    private record Dropped(StoredRoom room, long upTo) {}

    Pruner(Retention retention, Rooms rooms, TailMemory tails) {
        this.retention = retention;
        this.rooms = rooms;
        this.tails = tails;
    }

    /**
     * Deletes a chunk, in one transaction. Returns whether there was more to delete: the few that a busy room has gathered
     * since the last time are not worth a transaction of their own.
     */
    boolean prune(LogWriter log, long nowMillis) throws SQLException {
        var dropped = new ArrayList<Dropped>();
        var budget = CHUNK;
        var more = false;
        for (var room : rooms.all()) {
            var oldest = room.oldest();
            var last = oldest - 1 + Math.min(budget, ROOM_CHUNK);
            var upTo = Math.min(lastToDrop(log, room, nowMillis), last);
            more |= upTo == last;
            if (upTo >= oldest) {
                log.deleteMessages(room.id(), oldest, upTo);
                if (upTo == room.head()) {
                    log.setHead(room.id(), upTo);
                    more = true; // A room may have to be forgotten now.
                }
                dropped.add(new Dropped(room, upTo));
                budget -= (int) (upTo - oldest + 1);
            }
        }
        var moreSent = log.deleteSentBefore(nowMillis - retention.duplicates().toMillis(), CHUNK);
        var forgotten = forgettable(log);
        var floor = rooms.floor();
        for (var room : forgotten) {
            log.deleteRoom(room.id());
            floor = Math.max(floor, room.head());
        }
        if (!forgotten.isEmpty()) {
            log.setFloor(floor);
        }
        log.commit();
        for (var one : dropped) {
            one.room().drop(one.upTo());
            rooms.changed(one.room());
            tails.shrunk(one.room());
        }
        for (var room : forgotten) {
            rooms.remove(room, floor);
            tails.forget(room);
        }
        return more || moreSent;
    }

    /** The newest of the messages at the beginning of a room that are to go; 0 if none is. */
    private long lastToDrop(LogWriter log, StoredRoom room, long nowMillis) throws SQLException {
        var byCount = room.head() - retention.maxMessagesPerRoom();
        var oldestMillis = retention.oldestMillis(nowMillis);
        if (oldestMillis == Long.MIN_VALUE || room.isEmpty() || byCount >= room.oldest()) {
            return byCount;
        }
        if (room.oldestMillis() == StoredRoom.UNKNOWN) {
            room.foundOldest(log.millis(room.id(), room.oldest()));
        }
        return room.oldestMillis() < oldestMillis
                ? log.newestOlderThan(oldestMillis, room.id(), room.oldest(), ROOM_CHUNK)
                : 0;
    }

    /** The rooms without messages above the number of them that is remembered, oldest first. */
    private List<StoredRoom> forgettable(LogWriter log) throws SQLException {
        var forgettable = new ArrayList<StoredRoom>();
        var tooMany = rooms.empty().size() - retention.maxRooms();
        for (var room : rooms.empty()) {
            if (forgettable.size() >= Math.min(tooMany, CHUNK)) {
                break;
            }
            // Its number must not be given to another room as long as messages that come again are known by it.
            if (!log.hasSent(room.id())) {
                forgettable.add(room);
            }
        }
        return forgettable;
    }
}

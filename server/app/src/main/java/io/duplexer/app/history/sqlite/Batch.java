package io.duplexer.app.history.sqlite;

import io.duplexer.app.history.Appended;
import io.duplexer.app.history.HistoryFullException;
import io.duplexer.app.history.sqlite.AppendQueue.Pending;
import io.duplexer.app.history.sqlite.LogWriter.Sent;
import io.duplexer.chat.v1.Message;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of messages. Nothing outside knows of them until they are committed: the rooms stay as they are until
 * {@link #apply}.
 */
final class Batch {
    private final Rooms rooms;
    private final int maxRooms;
    private final LogWriter log;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private int newlyOccupied;
    /** Smaller numbers may be of rooms of this batch. */
    private int firstId;

    /** A room as it will be. */
    private static final class Draft {
        final StoredRoom room;
        long head;

        Draft(StoredRoom room) {
            this.room = room;
            this.head = room.head();
        }
    }

    /** What came of a message: it was appended, or refused. */
    record Outcome(
            Pending pending,
            @Nullable StoredRoom room,
            @Nullable Appended appended,
            @Nullable Exception refusal) {
        void complete() {
            if (appended != null) {
                pending.result().complete(appended);
            } else if (refusal != null) {
                pending.result().completeExceptionally(refusal);
            }
        }
    }

    Batch(Rooms rooms, int maxRooms, LogWriter log) {
        this.rooms = rooms;
        this.maxRooms = maxRooms;
        this.log = log;
    }

    void write(List<Pending> messages) throws SQLException {
        for (var pending : messages) {
            outcomes.add(write(pending));
        }
        log.commit();
    }

    private Outcome write(Pending pending) throws SQLException {
        var message = pending.message();
        var draft = drafts.get(message.getRoom());
        if (draft == null) {
            draft = enter(message.getRoom());
            if (draft == null) {
                return new Outcome(pending, null, null, HistoryFullException.rooms(message.getRoom(), maxRooms));
            }
            drafts.put(message.getRoom(), draft);
        }
        var room = draft.room;
        var sent = new Sent(draft.head + 1, message.getTimestamp());
        if (!log.insertSent(room.id(), message.getUserId(), message.getId(), sent)) {
            return new Outcome(pending, room, new Appended(first(room, message), true), null);
        }
        var stored = message.toBuilder()
                .setSequence(sent.sequence())
                .setPreviousSequence(draft.head)
                .build();
        log.insertMessage(room.id(), sent.sequence(), sent.millis(), stored.toByteArray());
        draft.head = sent.sequence();
        return new Outcome(pending, room, new Appended(stored, false), null);
    }

    private @Nullable Draft enter(String name) throws SQLException {
        var known = rooms.find(name);
        if (known != null && !known.isEmpty()) {
            return new Draft(known);
        }
        if (rooms.occupied() + newlyOccupied >= maxRooms) {
            return null;
        }
        newlyOccupied++;
        if (known != null) {
            return new Draft(known);
        }
        var room = new StoredRoom(rooms.freeId(firstId), name, rooms.floor() + 1, rooms.floor());
        firstId = room.id() + 1;
        log.insertRoom(room);
        return new Draft(room);
    }

    /** What the sender was told the first time; its text too, if that is still stored. */
    private Message first(StoredRoom room, Message again) throws SQLException {
        var sent = log.findSent(room.id(), again.getUserId(), again.getId());
        var body = log.findBody(room.id(), sent.sequence());
        if (body != null) {
            return LogReader.message(body);
        }
        return again.toBuilder()
                .setTimestamp(sent.millis())
                .setSequence(sent.sequence())
                .setPreviousSequence(sent.sequence() - 1)
                .build();
    }

    /** Lets everybody read what has been committed. */
    List<Outcome> apply() {
        for (var outcome : outcomes) {
            var appended = outcome.appended();
            if (outcome.room() != null && appended != null && !appended.duplicate()) {
                outcome.room().add(appended.message());
            }
        }
        drafts.values().forEach(draft -> rooms.add(draft.room));
        return outcomes;
    }

    /** The rooms that have new messages. */
    List<StoredRoom> written() {
        return drafts.values().stream().map(draft -> draft.room).toList();
    }
}

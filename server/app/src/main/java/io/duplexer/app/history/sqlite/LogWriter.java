package io.duplexer.app.history.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes, and its statements. The first statement begins a transaction, {@link #commit} ends it.
 * After a failure the connection is of no more use: what it had begun is undone when it is closed. Used by one thread.
 */
final class LogWriter implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement insertRoom;
    private final PreparedStatement deleteRoom;
    private final PreparedStatement setHead;
    private final PreparedStatement setFloor;
    private final PreparedStatement insertMessage;
    private final PreparedStatement insertSent;
    private final PreparedStatement selectSent;
    private final PreparedStatement selectMessage;
    private final PreparedStatement selectTime;
    private final PreparedStatement selectOld;
    private final PreparedStatement deleteMessages;
    private final PreparedStatement selectOldestSent;
    private final PreparedStatement selectOldSent;
    private final PreparedStatement deleteSent;
    private final PreparedStatement selectRoomSent;
    private final PreparedStatement check;

    /** Where and when a message was stored that is sent again. */
    record Sent(long sequence, long millis) {}

    LogWriter(Connection connection) throws SQLException {
        this.connection = connection;
        insertRoom = prepare("INSERT INTO room VALUES (?, ?, ?)");
        deleteRoom = prepare("DELETE FROM room WHERE id = ?");
        setHead = prepare("UPDATE room SET head = ? WHERE id = ?");
        setFloor = prepare("UPDATE log SET floor = ?");
        insertMessage = prepare("INSERT INTO message VALUES (?, ?, ?)");
        insertSent = prepare("INSERT INTO sent (room, user_id, id, sequence, time) VALUES (?, ?, ?, ?, ?)"
                + " ON CONFLICT DO NOTHING");
        selectSent = prepare("SELECT sequence, time FROM sent WHERE room = ? AND user_id = ? AND id = ?");
        selectMessage = prepare("SELECT body FROM message WHERE place = ?");
        selectTime = prepare("SELECT time FROM message WHERE place = ?");
        // The newest of the first few that are too old, in the order of their places.
        selectOld = prepare("SELECT max(place) FROM (SELECT place, time FROM message WHERE place BETWEEN ? AND ?"
                + " ORDER BY place LIMIT ?) WHERE time < ?");
        deleteMessages = prepare("DELETE FROM message WHERE place BETWEEN ? AND ?");
        selectOldestSent = prepare("SELECT time FROM sent ORDER BY number LIMIT 1");
        selectOldSent = prepare(
                "SELECT max(number) FROM (SELECT number, time FROM sent ORDER BY number LIMIT ?) WHERE time < ?");
        deleteSent = prepare("DELETE FROM sent WHERE number <= ?");
        selectRoomSent = prepare("SELECT 1 FROM sent WHERE room = ? LIMIT 1");
        check = prepare("UPDATE log SET checked = checked + 1");
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    private static int update(PreparedStatement statement, Object... values) throws SQLException {
        for (var i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement.executeUpdate();
    }

    /** The number that is found; 0 if none is. */
    private static long number(PreparedStatement query, Object... values) throws SQLException {
        for (var i = 0; i < values.length; i++) {
            query.setObject(i + 1, values[i]);
        }
        try (var rows = query.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    void insertRoom(StoredRoom room) throws SQLException {
        update(insertRoom, room.id(), room.name(), room.head());
    }

    void deleteRoom(int room) throws SQLException {
        update(deleteRoom, room);
    }

    void setHead(int room, long head) throws SQLException {
        update(setHead, head, room);
    }

    void setFloor(long floor) throws SQLException {
        update(setFloor, floor);
    }

    void insertMessage(int room, long sequence, long millis, byte[] body) throws SQLException {
        insertMessage.setLong(1, Place.of(room, sequence));
        insertMessage.setLong(2, millis);
        insertMessage.setBytes(3, body);
        insertMessage.executeUpdate();
    }

    /** Returns whether it was not there before. */
    boolean insertSent(int room, String userId, String id, Sent sent) throws SQLException {
        insertSent.setInt(1, room);
        insertSent.setString(2, userId);
        insertSent.setString(3, id);
        insertSent.setLong(4, sent.sequence());
        insertSent.setLong(5, sent.millis());
        return insertSent.executeUpdate() == 1;
    }

    Sent findSent(int room, String userId, String id) throws SQLException {
        selectSent.setInt(1, room);
        selectSent.setString(2, userId);
        selectSent.setString(3, id);
        try (var rows = selectSent.executeQuery()) {
            rows.next();
            return new Sent(rows.getLong(1), rows.getLong(2));
        }
    }

    byte @Nullable [] findBody(int room, long sequence) throws SQLException {
        selectMessage.setLong(1, Place.of(room, sequence));
        try (var rows = selectMessage.executeQuery()) {
            return rows.next() ? rows.getBytes(1) : null;
        }
    }

    /** The timestamp of a message that is there. */
    long millis(int room, long sequence) throws SQLException {
        return number(selectTime, Place.of(room, sequence));
    }

    /** Among the {@code limit} oldest messages of a room, the sequence of the newest with a smaller timestamp; 0 if none. */
    long newestOlderThan(long millis, int room, long oldest, int limit) throws SQLException {
        return Place.sequence(
                number(selectOld, Place.of(room, oldest), Place.of(room, Place.MAX_SEQUENCE), limit, millis));
    }

    void deleteMessages(int room, long first, long last) throws SQLException {
        update(deleteMessages, Place.of(room, first), Place.of(room, last));
    }

    /** Forgets who sent what, as far as the {@code limit} oldest are older. Returns whether there may be more. */
    boolean deleteSentBefore(long millis, int limit) throws SQLException {
        if (number(selectOldestSent) >= millis) {
            return false; // Mostly so, and not worth reading so many.
        }
        var last = number(selectOldSent, limit, millis);
        return last > 0 && update(deleteSent, last) >= limit;
    }

    boolean hasSent(int room) throws SQLException {
        return number(selectRoomSent, room) != 0;
    }

    /** Writes something, to see whether that can be done. */
    void check() throws SQLException {
        check.executeUpdate();
    }

    void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

package io.duplexer.app.history.sqlite;

import com.google.protobuf.InvalidProtocolBufferException;
import io.duplexer.app.history.PageBuilder;
import io.duplexer.chat.v1.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** One connection that reads. Used by one thread at a time. */
final class LogReader implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement forward;
    private final PreparedStatement backward;

    LogReader(Connection connection) throws SQLException {
        this.connection = connection;
        forward = connection.prepareStatement(
                "SELECT body FROM message WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?");
        backward = connection.prepareStatement(
                "SELECT body FROM message WHERE place BETWEEN ? AND ? ORDER BY place DESC LIMIT ?");
    }

    PageBuilder after(int room, long sequence, int limit) throws SQLException {
        return read(forward, Place.of(room, sequence + 1), Place.of(room, Place.MAX_SEQUENCE), limit);
    }

    PageBuilder before(int room, long sequence, int limit) throws SQLException {
        return read(backward, Place.of(room, 0), Place.of(room, sequence - 1), limit);
    }

    private static PageBuilder read(PreparedStatement query, long first, long last, int limit) throws SQLException {
        query.setLong(1, first);
        query.setLong(2, last);
        query.setInt(3, limit);
        var page = new PageBuilder(limit);
        try (var rows = query.executeQuery()) {
            while (rows.next() && page.add(message(rows.getBytes(1)))) {}
        }
        return page;
    }

    static Message message(byte[] body) throws SQLException {
        try {
            return Message.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("a message that cannot be parsed", e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

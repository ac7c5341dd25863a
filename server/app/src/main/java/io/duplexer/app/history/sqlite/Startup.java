package io.duplexer.app.history.sqlite;

import java.sql.Connection;
import java.sql.SQLException;

/** Reads what the engine keeps in memory for as long as it runs. */
record Startup(String epoch, Rooms rooms) {
    private static final String ROOMS = "SELECT id, name, head,"
            + " (SELECT min(place) FROM message WHERE place BETWEEN id << 39 AND ((id + 1) << 39) - 1),"
            + " (SELECT max(place) FROM message WHERE place BETWEEN id << 39 AND ((id + 1) << 39) - 1)"
            + " FROM room ORDER BY id";

    static Startup read(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            String epoch;
            Rooms rooms;
            try (var log = statement.executeQuery("SELECT epoch, floor FROM log")) {
                log.next();
                epoch = log.getString(1);
                rooms = new Rooms(log.getLong(2));
            }
            try (var rows = statement.executeQuery(ROOMS)) {
                while (rows.next()) {
                    var head = rows.getLong(3);
                    var first = rows.getLong(4);
                    var oldest = rows.wasNull() ? head + 1 : Place.sequence(first);
                    var newest = rows.getLong(5);
                    head = rows.wasNull() ? head : Place.sequence(newest);
                    rooms.add(new StoredRoom(rows.getInt(1), rows.getString(2), oldest, head));
                }
            }
            return new Startup(epoch, rooms);
        }
    }
}

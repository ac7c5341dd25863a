package io.duplexer.app.history.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What the tables are, and how those of an older version become those of this one. The version of a file is its
 * {@code user_version}; step <i>n</i> leads from version <i>n</i> to <i>n</i> + 1.
 */
final class Schema {
    /** "DUPX", the file's {@code application_id}, so that other programs and {@code file} can tell what it is. */
    static final int APPLICATION_ID = 0x44555058;

    static final Schema CURRENT = new Schema(List.of(List.of(
            "PRAGMA application_id = " + APPLICATION_ID,
            // One row. floor: the greatest sequence of the rooms that were forgotten.
            "CREATE TABLE log (epoch TEXT NOT NULL, floor INTEGER NOT NULL, checked INTEGER NOT NULL)",
            // head: the newest sequence of a room whose messages are all gone; otherwise the messages tell.
            "CREATE TABLE room (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL)",
            // place: room and sequence in one number, see Place; body: a duplexer.chat.v1.Message.
            "CREATE TABLE message (place INTEGER PRIMARY KEY, time INTEGER NOT NULL, body BLOB NOT NULL)",
            // Who sent what, in the order of arrival: by it a message that comes again is known. Ids come before users
            // in its index: those that begin with a time then all belong to its end, and few pages change with a
            // commit.
            "CREATE TABLE sent (number INTEGER PRIMARY KEY, room INTEGER NOT NULL, user_id TEXT NOT NULL,"
                    + " id TEXT NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,"
                    + " UNIQUE (room, id, user_id))")));

    private final List<List<String>> steps;

    Schema(List<List<String>> steps) {
        this.steps = steps;
    }

    int version() {
        return steps.size();
    }

    /**
     * Takes the missing steps, each with its new version in one transaction.
     *
     * @param connection that commits by itself
     */
    void migrate(Connection connection, int version) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var step = version; step < steps.size(); step++) {
                connection.setAutoCommit(false);
                for (var sql : steps.get(step)) {
                    statement.execute(sql);
                }
                statement.execute("PRAGMA user_version = " + (step + 1));
                connection.commit();
                connection.setAutoCommit(true);
            }
        }
    }
}

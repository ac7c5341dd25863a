package io.duplexer.app.history;

import io.duplexer.chat.v1.Message;

/** Messages as the chat hands them to a history. */
final class Lines {
    private Lines() {}

    static Message line(String room, String userId, String id) {
        return Message.newBuilder()
                .setRoom(room)
                .setUserId(userId)
                .setId(id)
                .setContent("content of " + id)
                .setTimestamp(1)
                .build();
    }

    /** A line of one user, told from others by its number. */
    static Message line(String room, int number) {
        return line(room, "ann", "m" + number);
    }
}

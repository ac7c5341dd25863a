package io.duplexer.app.history;

import io.duplexer.chat.v1.Message;
import java.util.List;

/**
 * A part of a room's log.
 *
 * @param messages in the order of their sequences
 * @param total how many stored messages lie in the direction of the read, those of this page included
 * @param head the newest sequence of the room, stored or already dropped by retention; 0 for a room without messages
 */
public record Page(List<Message> messages, long total, long head) {
    public Page {
        messages = List.copyOf(messages);
        if (total < messages.size()) {
            throw new IllegalArgumentException(
                    "total: " + total + " (expected: at least the page's " + messages.size() + " messages)");
        }
    }
}

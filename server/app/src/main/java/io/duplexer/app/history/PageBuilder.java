package io.duplexer.app.history;

import io.duplexer.chat.v1.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Gathers the messages of a {@link Page} until it is full. */
public final class PageBuilder {
    /** Of protobuf in one page, which has at least one message all the same. */
    public static final int MAX_BYTES = 256 * 1024;

    private final int limit;
    private final List<Message> messages = new ArrayList<>();
    private int bytes;

    public PageBuilder(int limit) {
        this.limit = limit;
    }

    /** Adds the next message. Returns false, without it, if the page is full. */
    public boolean add(Message message) {
        var size = message.getSerializedSize();
        if (messages.size() == limit || (!messages.isEmpty() && bytes + size > MAX_BYTES)) {
            return false;
        }
        messages.add(message);
        bytes += size;
        return true;
    }

    /** Adds as many as go in. */
    PageBuilder addAll(Iterable<Message> more) {
        for (var message : more) {
            if (!add(message)) {
                break;
            }
        }
        return this;
    }

    public List<Message> messages() {
        return messages;
    }

    /** The messages in the opposite order. */
    public List<Message> reversed() {
        var reversed = new ArrayList<>(messages);
        Collections.reverse(reversed);
        return reversed;
    }
}

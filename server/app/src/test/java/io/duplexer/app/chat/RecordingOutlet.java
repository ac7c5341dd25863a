package io.duplexer.app.chat;

import io.duplexer.chat.v1.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers what a client would have been sent. Takes as much history as the test says. */
final class RecordingOutlet implements Outlet {
    private final List<Delivery> delivered = new ArrayList<>();
    private @Nullable ChatException ending;
    private int permits = Integer.MAX_VALUE;

    @Override
    public synchronized void deliver(Delivery delivery) {
        delivered.add(delivery);
        permits--;
    }

    @Override
    public synchronized boolean isWritable() {
        return permits > 0;
    }

    @Override
    public synchronized void end(ChatException reason) {
        if (ending == null) {
            ending = reason;
        }
    }

    /** Becomes unwritable after {@code count} more deliveries. */
    synchronized void writable(int count) {
        permits = count;
    }

    synchronized List<Delivery> deliveries() {
        return List.copyOf(delivered);
    }

    synchronized List<Message> messages() {
        return delivered.stream().map(Delivery::message).toList();
    }

    /** The chat messages without the events. */
    List<Message> lines() {
        return messages().stream()
                .filter(message -> message.getEventCase() == Message.EventCase.EVENT_NOT_SET)
                .toList();
    }

    /** What came, each in a few words: see {@link Words}. */
    List<String> words() {
        return messages().stream().map(Words::of).toList();
    }

    /** What came since the last call of this or of {@link #clear}. */
    synchronized List<String> take() {
        var words = words();
        delivered.clear();
        return words;
    }

    synchronized void clear() {
        delivered.clear();
    }

    synchronized @Nullable ChatException ending() {
        return ending;
    }

    /** The problem that ended it, or null. */
    @Nullable
    Problem problem() {
        var reason = ending();
        return reason == null ? null : reason.problem();
    }
}

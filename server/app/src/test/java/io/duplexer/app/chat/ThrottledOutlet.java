package io.duplexer.app.chat;

import io.duplexer.chat.v1.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client that takes a little history at a time, and says on another thread that it can take more. */
final class ThrottledOutlet implements Outlet {
    private static final int WINDOW = 50;

    private final Executor eventLoop;
    private final AtomicReference<@Nullable ChatSession> session = new AtomicReference<>();
    private final List<Message> delivered = new ArrayList<>();
    private @Nullable ChatException ending;
    private int room = WINDOW;
    private boolean drainScheduled;

    ThrottledOutlet(Executor eventLoop) {
        this.eventLoop = eventLoop;
    }

    void start(ChatSession newSession) {
        session.set(newSession);
    }

    @Override
    public synchronized void deliver(Delivery delivery) {
        delivered.add(delivery.message());
        room--;
    }

    @Override
    public synchronized boolean isWritable() {
        if (room > 0) {
            return true;
        }
        if (!drainScheduled) {
            drainScheduled = true;
            eventLoop.execute(this::drain);
        }
        return false;
    }

    private void drain() {
        synchronized (this) {
            drainScheduled = false;
            room = WINDOW;
        }
        var waiting = session.get();
        if (waiting != null) {
            waiting.onWritable();
        }
    }

    @Override
    public synchronized void end(ChatException reason) {
        ending = reason;
    }

    synchronized @Nullable ChatException ending() {
        return ending;
    }

    synchronized List<Message> lines() {
        return delivered.stream()
                .filter(message -> message.getEventCase() == Message.EventCase.EVENT_NOT_SET)
                .toList();
    }

    synchronized Message first() {
        return delivered.get(0);
    }
}

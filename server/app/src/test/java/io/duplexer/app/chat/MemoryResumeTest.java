package io.duplexer.app.chat;

import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retentions;

/** On the history in memory. */
final class MemoryResumeTest extends ResumeTable {
    @Override
    History published(int count, int kept) {
        var history = new MemoryHistory(Retentions.of(10, kept), Long.MAX_VALUE);
        new TestChat(history).publish("room", count);
        return history;
    }

    @Override
    History emptied(int count) {
        var history = new MemoryHistory(Retentions.of(10, 100), 400);
        var test = new TestChat(history);
        test.publish("room", count);
        test.publish("another", 20);
        return history;
    }
}

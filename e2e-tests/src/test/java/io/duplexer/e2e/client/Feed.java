package io.duplexer.e2e.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Message.EventCase;
import io.duplexer.chat.v1.Recovered;
import io.duplexer.e2e.support.Inbox;
import io.duplexer.e2e.support.Patience;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** What a subscriber gets of one room, in order. */
public final class Feed {
    private final Inbox<Message> inbox = new Inbox<>();
    private final CompletableFuture<Refused> end = new CompletableFuture<>();
    private volatile Runnable leave = () -> {};

    /** What leaving takes. */
    void onLeave(Runnable newLeave) {
        leave = newLeave;
    }

    void add(Message message) {
        inbox.add(message);
    }

    void end(Refused reason) {
        end.complete(reason);
    }

    /** The answer to the join, which must be the first message. */
    public Recovered recovered() {
        var first = inbox.take();
        assertThat(first.getEventCase()).isEqualTo(EventCase.RECOVERED);
        return first.getRecovered();
    }

    /** The next chat line; events before it are skipped. */
    public Message line() {
        return inbox.take(message -> message.getEventCase() == EventCase.EVENT_NOT_SET);
    }

    /** The next {@code count} chat lines. */
    public List<Message> lines(int count) {
        return IntStream.range(0, count).mapToObj(i -> line()).toList();
    }

    /** The next event of this kind about this user; all before it is skipped. */
    public Message event(EventCase kind, String userId) {
        return inbox.take(
                message -> message.getEventCase() == kind && message.getUserId().equals(userId));
    }

    /** Everything so far. */
    public List<Message> all() {
        return inbox.all();
    }

    /** The chat lines so far. */
    public List<Message> allLines() {
        return all().stream()
                .filter(message -> message.getEventCase() == EventCase.EVENT_NOT_SET)
                .toList();
    }

    /** Why it ended; waits for the end. */
    public Refused awaitEnd() {
        return Patience.await(end);
    }

    public boolean isOpen() {
        return !end.isDone();
    }

    /** Leaves the room. */
    public void leave() {
        leave.run();
    }
}

package io.duplexer.app.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retentions;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A chat with limits that are out of the way, a clock that stands still, and clients that remember what they get. */
final class TestChat {
    static final long NOW_MILLIS = 1_700_000_000_000L;
    static final ChatLimits LIMITS = new ChatLimits(64 * 1024, 100_000, 1_000, 100, 0, 1, Duration.ZERO);

    final Chat chat;
    final History history;
    /** What {@link TokenBucket}s go by. */
    final AtomicLong nanoTime = new AtomicLong();

    /** What the chat has asked to be run later, in order. */
    final Queue<Runnable> timers = new ConcurrentLinkedQueue<>();

    private final ChatLimits limits;
    private int published;

    TestChat() {
        this(LIMITS);
    }

    TestChat(ChatLimits limits) {
        this(new MemoryHistory(Retentions.of(1_000, 1_000_000), Long.MAX_VALUE), limits);
    }

    TestChat(History history) {
        this(history, LIMITS);
    }

    TestChat(History history, ChatLimits limits) {
        this.history = history;
        this.limits = limits;
        chat = new Chat(
                history,
                limits,
                InstantSource.fixed(Instant.ofEpochMilli(NOW_MILLIS)),
                (delay, task) -> timers.add(task));
    }

    /** One client: what it sends, and what comes out for it. */
    record Client(ChatSession session, RecordingOutlet outlet) {
        Client send(Message message) {
            assertThat(session.receive(message))
                    .as("nothing is to be waited for")
                    .isCompleted();
            return this;
        }

        Client join(String userId, String room, Join join) {
            return send(Words.join(userId, room, join));
        }

        Client join(String userId, String room) {
            return join(userId, room, Join.getDefaultInstance());
        }
    }

    Client connect() {
        var outlet = new RecordingOutlet();
        return new Client(chat.connect(outlet, newRate()), outlet);
    }

    TokenBucket newRate() {
        return new TokenBucket(limits.publishRate(), limits.publishBurst(), nanoTime::get);
    }

    /** Publishes {@code count} messages in {@code room}, by nobody who is connected. */
    void publish(String room, int count) {
        for (var i = 0; i < count; i++) {
            assertThat(chat.publish(Words.line("zoe", room, "z" + ++published), newRate()))
                    .isCompleted();
        }
    }
}

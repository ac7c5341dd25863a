package io.duplexer.app.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Recovered;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The step from the history to the live room, with nothing else around it, so that one thread takes it at nearly every
 * moment of another's publishing.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GoLiveStressTest {
    private static final int JOINS = 100_000;
    /** Of the room, which a member must have got before it leaves. */
    private static final int LIVE_MESSAGES = 2;

    private final Room room = new Room("room", Duration.ZERO, (delay, task) -> {});
    /** What the history has. */
    private final AtomicLong stored = new AtomicLong();

    /** Remembers whether the room saw a gap. */
    private static final class Ending implements Outlet {
        private volatile @Nullable ChatException reason;

        @Override
        public void deliver(Delivery delivery) {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void end(ChatException newReason) {
            reason = newReason;
        }
    }

    private void publish(AtomicBoolean stop) {
        while (!stop.get()) {
            var sequence = stored.get() + 1;
            var message = Message.newBuilder().setSequence(sequence).setPreviousSequence(sequence - 1);
            // In this order: what the tail brings can be read already.
            stored.set(sequence);
            room.publish(new Delivery(message.build()));
        }
    }

    /** Joins having read what is stored, is live for a moment and leaves. */
    private void join(CompletableFuture<Void> publishing) {
        var outlet = new Ending();
        var member = Membership.entering("ann", outlet);
        room.enter(member, null);
        member.startAfter(stored.get());
        room.admit(member, Recovered.newBuilder());
        while (!room.goLive(member)) {
            member.startAfter(stored.get());
        }
        var seen = member.last();
        while (stored.get() <= seen + LIVE_MESSAGES && !publishing.isDone()) {
            Thread.onSpinWait();
        }
        room.leave(member, true);
        assertThat(outlet.reason).as("after %d", seen).isNull();
        assertThat(member.last()).isGreaterThanOrEqualTo(seen + LIVE_MESSAGES);
    }

    @Test
    void noMessageFallsBetweenTheHistoryAndTheLiveRoom() throws Exception {
        var stop = new AtomicBoolean();
        var publishing = CompletableFuture.runAsync(() -> publish(stop));
        try {
            for (var i = 0; i < JOINS && !publishing.isDone(); i++) {
                join(publishing);
            }
        } finally {
            stop.set(true);
        }
        publishing.get(10, TimeUnit.SECONDS);
    }
}

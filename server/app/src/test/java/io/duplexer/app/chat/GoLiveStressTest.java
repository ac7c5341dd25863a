package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.join;
import static io.duplexer.app.chat.Words.newest;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The step from the history to the live room, taken thousands of times in the middle of publishing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class GoLiveStressTest {
    private static final int MESSAGES = 30_000;
    private static final int AT_A_TIME = 4;

    private final TestChat test = new TestChat();

    /** Remembers the newest message, and whether there was a gap before it. */
    private static final class NewestOnly implements Outlet {
        private @Nullable ChatException ending;
        private long newest;

        @Override
        public synchronized void deliver(Delivery delivery) {
            newest = Math.max(newest, delivery.message().getSequence());
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public synchronized void end(ChatException reason) {
            ending = reason;
        }

        synchronized @Nullable ChatException ending() {
            return ending;
        }

        synchronized long newest() {
            return newest;
        }
    }

    private record Member(ChatSession session, NewestOnly outlet) {}

    @Test
    void noMessageFallsBetweenTheHistoryAndTheLiveRoom() throws Exception {
        var publishing = CompletableFuture.runAsync(() -> test.publish("room", MESSAGES));
        var members = new ArrayDeque<Member>();
        while (!publishing.isDone()) {
            var outlet = new NewestOnly();
            var session = test.chat.connect(outlet, test.newRate());
            assertThat(session.receive(join("ann", "room", newest(1)))).isCompleted();
            members.add(new Member(session, outlet));
            if (members.size() > AT_A_TIME) {
                var oldest = members.remove();
                oldest.session().close();
                assertThat(oldest.outlet().ending()).isNull();
            }
        }
        publishing.get(0, TimeUnit.SECONDS);

        assertThat(members).isNotEmpty().allSatisfy(member -> {
            assertThat(member.outlet().ending()).isNull();
            assertThat(member.outlet().newest()).isEqualTo(MESSAGES);
        });
    }
}

package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.line;
import static io.duplexer.app.chat.Words.resume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.duplexer.app.history.Appended;
import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retentions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** Many publish while many join from wherever they were: each sees each message after its place once, in order. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class JoinStressTest {
    private static final int PUBLISHERS = 4;
    private static final int EACH = 1_000;
    private static final int BEFORE = 500;
    private static final int JOINERS = 4;
    private static final int JOINS_EACH = 25;

    private final ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS + JOINERS);
    private final ExecutorService eventLoop = Executors.newSingleThreadExecutor();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
        eventLoop.shutdownNow();
    }

    private record Joined(ChatSession session, ThrottledOutlet outlet, long offset, CompletableFuture<Void> live) {}

    @RepeatedTest(3)
    void onAHistoryThatAnswersAtOnce() throws Exception {
        publishAndJoin(new MemoryHistory(Retentions.of(10, 1_000_000), Long.MAX_VALUE));
    }

    @RepeatedTest(3)
    void onAHistoryThatCommitsInGroupsAndAnswersLater() throws Exception {
        publishAndJoin(new GroupCommitHistory());
    }

    private void publishAndJoin(History history) throws Exception {
        var test = new TestChat(history);
        var acknowledged = new ConcurrentLinkedQueue<CompletableFuture<Appended>>();
        IntStream.range(0, BEFORE).forEach(i -> acknowledged.add(publish(test, "before", i)));
        acknowledged.forEach(CompletableFuture::join);

        var work = new ArrayList<CompletableFuture<?>>();
        for (var i = 0; i < PUBLISHERS; i++) {
            var user = "user" + i;
            work.add(CompletableFuture.runAsync(
                    () -> IntStream.range(0, EACH).forEach(n -> acknowledged.add(publish(test, user, n))), threads));
        }
        var joined = new ConcurrentLinkedQueue<Joined>();
        for (var i = 0; i < JOINERS; i++) {
            var user = "joiner" + i;
            work.add(CompletableFuture.runAsync(
                    () -> IntStream.range(0, JOINS_EACH).forEach(n -> joined.add(join(test, user))), threads));
        }
        for (var one : work) {
            one.get(30, TimeUnit.SECONDS);
        }
        acknowledged.forEach(CompletableFuture::join);

        assertThat(joined).hasSize(JOINERS * JOINS_EACH);
        joined.forEach(JoinStressTest::assertSeesEverythingOnce);
        joined.forEach(one -> one.session().close());
        assertThat(test.chat.roomCount()).isZero();
        assertThat(test.chat.sessionCount()).isZero();
        history.close();
    }

    private static CompletableFuture<Appended> publish(TestChat test, String user, int number) {
        return test.chat.publish(line(user, "room", "m" + number), test.newRate());
    }

    private Joined join(TestChat test, String user) {
        var outlet = new ThrottledOutlet(eventLoop);
        var session = test.chat.connect(outlet, test.newRate());
        outlet.start(session);
        var head = test.history.before("room", Long.MAX_VALUE, 1).join().head();
        var offset = ThreadLocalRandom.current().nextLong(head + 1);
        return new Joined(session, outlet, offset, session.join(user, "room", resume(test.history.epoch(), offset)));
    }

    private static void assertSeesEverythingOnce(Joined joined) {
        assertThat(joined.live()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(joined.outlet().ending()).isNull();
        assertThat(joined.outlet().first().getRecovered().getRecovered()).isTrue();
        var expected = joined.offset();
        for (var line : joined.outlet().lines()) {
            if (line.getPreviousSequence() != expected || line.getSequence() != expected + 1) {
                fail("after " + expected + " came " + line.getSequence() + ", after " + line.getPreviousSequence());
            }
            expected++;
        }
        assertThat(expected).isEqualTo(BEFORE + PUBLISHERS * EACH);
    }
}

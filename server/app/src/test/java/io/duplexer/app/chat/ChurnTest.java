package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.leave;
import static io.duplexer.app.chat.Words.line;
import static io.duplexer.app.chat.Words.newest;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retentions;
import io.duplexer.app.history.sqlite.SqliteHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands come and go on many threads, some in the middle of what they do: nothing of them stays behind. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ChurnTest {
    private static final int THREADS = 8;
    private static final int SESSIONS = 10_000;
    private static final int ROOMS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void onAHistoryThatAnswersAtOnce() throws Exception {
        churn(new MemoryHistory(Retentions.of(100, 50), Long.MAX_VALUE));
    }

    @Test
    void onAHistoryThatCommitsInGroupsAndAnswersLater() throws Exception {
        churn(new GroupCommitHistory());
    }

    @Test
    void onTheDurableHistory(@TempDir Path directory) throws Exception {
        churn(SqliteHistory.open(directory, Retentions.of(100, 50), InstantSource.system()));
    }

    private void churn(History history) throws Exception {
        var test = new TestChat(history);
        var watchers =
                IntStream.range(0, ROOMS).mapToObj(i -> watch(test, "room" + i)).toList();
        var outcomes = new ConcurrentLinkedQueue<CompletableFuture<Void>>();
        var work = new ArrayList<CompletableFuture<Void>>();
        for (var i = 0; i < THREADS; i++) {
            work.add(CompletableFuture.runAsync(
                    () -> {
                        for (var n = 0; n < SESSIONS / THREADS; n++) {
                            comeAndGo(test, outcomes);
                        }
                    },
                    threads));
        }
        for (var one : work) {
            one.get(30, TimeUnit.SECONDS);
        }

        outcomes.forEach(outcome -> assertThat(outcome).succeedsWithin(PATIENCE));
        IntStream.range(0, ROOMS).forEach(i -> assertOnlyTheWatcherIsPresent(test, "room" + i));
        assertThat(test.chat.sessionCount()).isEqualTo(ROOMS);
        assertThat(test.chat.roomCount()).isEqualTo(ROOMS);
        watchers.forEach(ChatSession::close);
        assertThat(test.chat.sessionCount()).isZero();
        assertThat(test.chat.roomCount()).isZero();
        history.close();
    }

    private static void comeAndGo(TestChat test, ConcurrentLinkedQueue<CompletableFuture<Void>> outcomes) {
        var random = ThreadLocalRandom.current();
        var user = "user" + random.nextInt(20);
        var room = "room" + random.nextInt(ROOMS);
        var client = test.connect();
        var session = client.session();
        session.listen("");
        client.outlet().writable(random.nextInt(1, 10));
        outcomes.add(session.receive(Words.join(user, room, newest(random.nextInt(20)))));
        outcomes.add(session.receive(line(user, room, "")));
        switch (random.nextInt(4)) {
            case 0 -> outcomes.add(session.receive(Words.join(user, room, newest(random.nextInt(20)))));
            case 1 -> outcomes.add(session.receive(leave(room)));
            case 2 -> outcomes.add(session.receive(Words.join(user + "'", room, newest(random.nextInt(20)))));
            default -> session.onWritable();
        }
        session.close();
    }

    /** Someone who stays, so that the room does, and with it whoever might be forgotten in it. */
    private static ChatSession watch(TestChat test, String room) {
        var watcher = test.connect().session();
        assertThat(watcher.receive(Words.join("watcher", room))).succeedsWithin(PATIENCE);
        return watcher;
    }

    private static void assertOnlyTheWatcherIsPresent(TestChat test, String room) {
        var last = test.connect();
        assertThat(last.session().receive(Words.join("last", room))).succeedsWithin(PATIENCE);
        assertThat(last.outlet().messages().get(0).getRecovered().getMembersList())
                .containsExactly("last", "watcher");
        last.session().close();
    }
}

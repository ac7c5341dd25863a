package io.duplexer.app.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.History;
import io.duplexer.app.history.Retention;
import io.duplexer.app.history.Retentions;
import io.duplexer.app.history.sqlite.SqliteHistory;
import io.duplexer.chat.v1.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;

/** On the durable history, opened again between the messages and the join: what is in memory only does not count. */
final class SqliteResumeTest extends ResumeTable {
    private static final Retention EVERYTHING = Retentions.of(10, 1_000_000);
    private static final Instant START = Instant.ofEpochMilli(TestChat.NOW_MILLIS);

    @TempDir
    Path directory;

    private History open(Retention retention, Instant now) throws Exception {
        return SqliteHistory.open(directory, retention, () -> now);
    }

    private static CompletableFuture<?> append(History history, String room, int number, Instant when) {
        return history.append(Message.newBuilder()
                .setRoom(room)
                .setUserId("zoe")
                .setId("z" + number)
                .setContent("content")
                .setTimestamp(when.toEpochMilli())
                .build());
    }

    private void publish(int count) throws Exception {
        try (var history = open(EVERYTHING, START)) {
            IntStream.rangeClosed(1, count)
                    .mapToObj(number -> append(history, "room", number, START))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    /** A message elsewhere wakes whoever deletes. */
    private static void awaitDropped(History history, int dropped, Instant now) {
        append(history, "another", 1, now).join();
        Awaitility.await()
                .untilAsserted(() -> assertThat(history.beforeNewest("room", Integer.MAX_VALUE))
                        .isCompletedWithValue((long) dropped));
    }

    @Override
    History published(int count, int kept) throws Exception {
        publish(count);
        var history = open(Retentions.of(10, kept), START);
        if (count > kept) {
            awaitDropped(history, count - kept, START);
        }
        return history;
    }

    @Override
    History emptied(int count) throws Exception {
        publish(count);
        var later = START.plus(Duration.ofHours(1));
        var history = open(new Retention(10, 100, Duration.ofMinutes(1), Duration.ofDays(7)), later);
        awaitDropped(history, count, later);
        return history;
    }
}

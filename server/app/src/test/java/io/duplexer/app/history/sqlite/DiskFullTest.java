package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.duplexer.app.history.HistoryUnavailableException;
import io.duplexer.chat.v1.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full: a file system of 2 MiB in memory. It takes root to make one; others skip this. */
final class DiskFullTest {
    @TempDir
    Path directory;

    private boolean mounted;

    private static boolean run(String... command) throws Exception {
        var process = new ProcessBuilder(command).inheritIO().start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @BeforeEach
    void mount() throws Exception {
        var isRoot = "root".equals(System.getProperty("user.name"))
                && System.getProperty("os.name").equals("Linux");
        mounted = isRoot && run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", directory.toString());
        assumeThat(mounted).as("a small file system can be mounted").isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", directory.toString())).isTrue();
        }
    }

    private static Message large(SqliteLog log, int number) {
        return log.line("a", "m" + number).toBuilder()
                .setContent("x".repeat(20_000))
                .build();
    }

    @Test
    void messagesAreRefusedAndReadingGoesOnUntilThereIsRoomAgain() throws Exception {
        var log = new SqliteLog(directory);
        var ballast = Files.write(directory.resolve("ballast"), new byte[1_000_000]);
        var health = new CopyOnWriteArrayList<Boolean>();
        var tail = new CopyOnWriteArrayList<Message>();
        List<Message> acknowledged = new ArrayList<>();
        try (var history = log.open()) {
            history.health(health::add);
            history.tail(tail::add);
            var number = 0;
            try {
                while (number < 1_000) {
                    acknowledged.add(history.append(large(log, ++number)).join().message());
                }
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(HistoryUnavailableException.class);
            }
            assertThat(acknowledged).hasSizeGreaterThan(5);
            assertThat(health).containsExactly(true, false);
            assertThat(tail).isEqualTo(acknowledged);
            assertThat(history.after("a", 0, 3).join().messages()).isEqualTo(acknowledged.subList(0, 3));
            assertThat(history.after("a", 0, 3).join().head()).isEqualTo(acknowledged.size());

            Files.delete(ballast);
            Awaitility.await().untilAsserted(() -> assertThat(health).endsWith(true));
            var again = history.append(large(log, number)).join();
            assertThat(again.duplicate()).as("it was refused, not stored").isFalse();
            assertThat(again.message().getPreviousSequence()).isEqualTo(acknowledged.size());
            acknowledged.add(again.message());
        }
        try (var history = log.open()) {
            var stored = new ArrayList<Message>();
            for (var page = history.after("a", 0, 100).join();
                    !page.messages().isEmpty();
                    page = history.after("a", stored.size(), 100).join()) {
                stored.addAll(page.messages());
            }
            assertThat(stored).isEqualTo(acknowledged);
        }
    }
}

package io.duplexer.app.history;

import static io.duplexer.app.history.Lines.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What every engine promises to many threads at once. */
abstract class HistoryConcurrencyContract extends HistoryPagingContract {
    private static final int THREADS = 8;
    private static final int EACH = 500;

    /** Runs {@code work} with the numbers from 0 on as many threads, started together. */
    private static void race(IntConsumer work) {
        var start = new CyclicBarrier(THREADS);
        var runs = IntStream.range(0, THREADS)
                .mapToObj(number -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                start.await();
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                            work.accept(number);
                        },
                        task -> new Thread(task, "appender " + number).start()))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(runs).join();
    }

    @Test
    void appendsOfManyThreadsHaveOneOrderInEachRoom() {
        var tail = Collections.synchronizedList(new ArrayList<Message>());
        var acknowledged = Collections.synchronizedList(new ArrayList<Message>());
        history.tail(tail::add);

        race(thread -> {
            var user = "user" + thread;
            var appends = IntStream.range(0, EACH)
                    .mapToObj(i -> history.append(line(i % 2 == 0 ? "a" : "b", user, "m" + i)))
                    .toList();
            appends.forEach(append -> acknowledged.add(append.join().message()));
        });

        assertThat(tail).containsExactlyInAnyOrderElementsOf(acknowledged);
        for (var room : List.of("a", "b")) {
            var inOrder = tail.stream().filter(m -> m.getRoom().equals(room)).toList();
            assertThat(inOrder).hasSize(THREADS * EACH / 2);
            assertThat(history.after(room, 0, THREADS * EACH).join().messages()).isEqualTo(inOrder);
            var before = 0L;
            for (var message : inOrder) {
                assertThat(message.getPreviousSequence()).isEqualTo(before);
                before = message.getSequence();
            }
        }
    }

    @Test
    void whatOneThreadAppendsStaysInItsOrder() {
        var appends = new ConcurrentLinkedQueue<CompletableFuture<Appended>>();
        race(thread -> {
            for (var i = 0; i < EACH; i++) {
                appends.add(history.append(line("a", "user" + thread, String.valueOf(i))));
            }
        });
        appends.forEach(CompletableFuture::join);

        var stored = history.after("a", 0, THREADS * EACH).join().messages();
        for (var thread = 0; thread < THREADS; thread++) {
            var user = "user" + thread;
            assertThat(stored.stream()
                            .filter(message -> message.getUserId().equals(user))
                            .map(Message::getId))
                    .containsExactlyElementsOf(
                            IntStream.range(0, EACH).mapToObj(String::valueOf).toList());
        }
    }

    @RepeatedTest(5)
    void ofTheSameMessageSentAtOnceExactlyOneIsNew() {
        var results = Collections.synchronizedList(new ArrayList<Appended>());
        race(thread -> {
            for (var i = 0; i < 50; i++) {
                results.add(history.append(line("a", i)).join());
            }
        });

        assertThat(results.stream().filter(result -> !result.duplicate())).hasSize(50);
        assertThat(results.stream().map(Appended::message).distinct()).hasSize(50);
    }
}

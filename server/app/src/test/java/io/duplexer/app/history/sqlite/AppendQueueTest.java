package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.sqlite.AppendQueue.Offered;
import io.duplexer.app.history.sqlite.AppendQueue.Pending;
import io.duplexer.chat.v1.Message;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What waits to be written: in order, in batches, bounded. */
@Timeout(30)
final class AppendQueueTest {
    private final AppendQueue queue = new AppendQueue();

    private static Pending pending(int bytes) {
        return new Pending(Message.getDefaultInstance(), bytes, new CompletableFuture<>());
    }

    private void add(int count, int bytes) {
        for (var i = 0; i < count; i++) {
            assertThat(queue.offer(pending(bytes))).isEqualTo(Offered.TAKEN);
        }
    }

    @ParameterizedTest(name = "{0} messages of {1} bytes: {2} and {3}")
    @CsvSource({
        "1, 1, 1, 0",
        "511, 1, 511, 0",
        "512, 1, 512, 0",
        "513, 1, 512, 1",
        "2, 524288, 2, 0",
        "3, 524288, 2, 1",
        "2, 524289, 1, 1",
        "2, 9000000, 1, 1",
    })
    void aBatchHasWhatIsThereUpToItsLimits(int count, int bytes, int first, int second) throws Exception {
        add(count, bytes);

        assertThat(queue.take(0)).hasSize(first);
        assertThat(queue.take(0)).hasSize(second);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void oneMessageMoreThanTheLimitIsRefusedUntilSomeAreTaken() throws Exception {
        add(AppendQueue.MAX_MESSAGES, 1);
        assertThat(queue.offer(pending(1))).isEqualTo(Offered.FULL);

        assertThat(queue.take(0)).isNotEmpty();
        assertThat(queue.offer(pending(1))).isEqualTo(Offered.TAKEN);
    }

    @ParameterizedTest
    @CsvSource({"-1, TAKEN", "0, TAKEN", "1, FULL"})
    void moreBytesThanTheLimitAreRefused(int above, Offered answer) {
        add(1, AppendQueue.MAX_BYTES - 10);
        assertThat(queue.offer(pending(10 + above))).isEqualTo(answer);
    }

    @Test
    void aMessageLargerThanTheLimitIsTakenWhenNothingElseWaits() {
        assertThat(queue.offer(pending(AppendQueue.MAX_BYTES + 1))).isEqualTo(Offered.TAKEN);
    }

    @Test
    void aClosedQueueTakesNothingAndGivesWhatItHas() throws Exception {
        add(2, 1);
        queue.close();

        assertThat(queue.offer(pending(1))).isEqualTo(Offered.CLOSED);
        assertThat(queue.isDone()).isFalse();
        assertThat(queue.take(60_000)).hasSize(2);
        assertThat(queue.take(60_000)).isEmpty();
        assertThat(queue.isDone()).isTrue();
    }

    @Test
    void underManyThreadsNothingIsLostOrTakenTwiceOrOutOfItsThreadsOrder() throws Exception {
        var each = 20_000;
        var left = new AtomicInteger(4);
        for (var thread = 0; thread < 4; thread++) {
            var user = "user" + thread;
            new Thread(() -> {
                        for (var i = 0; i < each; i++) {
                            var message = Message.newBuilder().setUserId(user).setSequence(i);
                            while (queue.offer(new Pending(message.build())) != Offered.TAKEN) {
                                Thread.onSpinWait();
                            }
                        }
                        if (left.decrementAndGet() == 0) {
                            queue.close();
                        }
                    })
                    .start();
        }
        var taken = new ArrayList<Message>();
        while (!queue.isDone()) {
            queue.take(1_000).forEach(pending -> taken.add(pending.message()));
        }

        for (var thread = 0; thread < 4; thread++) {
            var user = "user" + thread;
            assertThat(taken.stream().filter(message -> message.getUserId().equals(user)))
                    .extracting(message -> (int) message.getSequence())
                    .containsExactlyElementsOf(IntStream.range(0, each).boxed().toList());
        }
    }
}

package io.duplexer.e2e.crash;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.Transport;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.Scratch;
import io.duplexer.e2e.support.ServerProcess;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishers over every transport are busy when the server is killed, again and again, on one history. The system
 * property {@code crash.rounds} says how often.
 */
class CrashTest {
    private static final Logger logger = LoggerFactory.getLogger(CrashTest.class);
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 3);
    private static final String ROOM = "crash";

    private final String data = Scratch.directory().toString();
    private final List<Publisher> publishers = Stream.of(Transport.values())
            .map(transport -> new Publisher(ROOM, transport))
            .toList();
    private final List<Reader> readers = Stream.of(Transport.values())
            .map(transport -> new Reader(ROOM, transport))
            .toList();
    private final Random random = new Random();

    private ServerProcess start() {
        return ServerProcess.start("--data", data, "--publish-rate", "0", "--max-queued-bytes", "64MiB");
    }

    @Test
    void whatWasAcknowledgedIsThereOnceInTheOneOrderThatEverybodySaw() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            crash();
            logger.info("round {}: {}", round, counts());
        }
        List<Message> stored;
        try (var server = start()) {
            publishers.forEach(publisher -> publisher.finish(server));
            stored = readAll(server);
            for (var reader : readers) {
                reader.readTo(reader.join(server));
            }
            server.assertNoErrors();
        }
        logger.info("{} rounds: {}, {} stored", ROUNDS, counts(), stored.size());
        check(stored);
    }

    private void crash() throws InterruptedException {
        try (var server = start()) {
            readers.forEach(reader -> reader.join(server));
            var busy = new CountDownLatch(publishers.size());
            var threads = publishers.stream()
                    .map(publisher -> {
                        var first = new CountDownLatch(1);
                        var thread = publisher.start(server, first);
                        return new Thread[] {thread, waiter(first, busy)};
                    })
                    .toList();
            assertThat(busy.await(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                    .as("every publisher has had an acknowledgement")
                    .isTrue();
            // At a moment that nothing is aligned with.
            Thread.sleep(random.nextInt(1_500));
            server.kill();
            publishers.forEach(Publisher::stop);
            for (var thread : threads) {
                // What was on its way when the server died need not be answered at all.
                thread[0].interrupt();
                thread[0].join(Patience.LIMIT.toMillis());
                assertThat(thread[0].isAlive()).as(thread[0].getName()).isFalse();
            }
            readers.forEach(Reader::takeRest);
            readers.forEach(Reader::close);
        }
    }

    /** Counts down {@code all} after {@code one}. */
    private static Thread waiter(CountDownLatch one, CountDownLatch all) {
        var thread = new Thread(() -> {
            try {
                if (one.await(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    all.countDown();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static List<Message> readAll(ServerProcess server) {
        var everything = new Reader(ROOM, Transport.GRPC_CALLS);
        everything.join(server);
        everything.close();
        everything.readTo(everything.join(server));
        return everything.seen;
    }

    private void check(List<Message> stored) {
        var bySender = stored.stream().collect(toMap(m -> m.getUserId() + "/" + m.getId(), identity()));
        assertThat(bySender).as("each is stored once").hasSameSizeAs(stored);
        for (var publisher : publishers) {
            assertThat(publisher.openCount())
                    .as("all was acknowledged in the end")
                    .isZero();
            assertThat(publisher.acknowledged).isNotEmpty();
            Stream.of(publisher.acknowledged, publisher.duplicates)
                    .flatMap(acknowledged -> acknowledged.entrySet().stream())
                    .forEach(one -> assertThat(bySender.get(publisher.user() + "/" + one.getKey()))
                            .as("acknowledged: %s of %s", one, publisher.user())
                            .isNotNull()
                            .extracting(Message::getSequence)
                            .isEqualTo(one.getValue()));
        }
        var sent = publishers.stream()
                .mapToInt(publisher -> publisher.acknowledged.size() + publisher.duplicates.size())
                .sum();
        assertThat(stored).as("nothing is stored that nobody sent").hasSize(sent);
        var all = new HashSet<>(stored);
        for (var reader : readers) {
            assertThat(all).containsAll(reader.seen);
            assertThat(reader.seen).isEqualTo(stored.subList(stored.size() - reader.seen.size(), stored.size()));
        }
    }

    private String counts() {
        var acknowledged =
                publishers.stream().mapToInt(p -> p.acknowledged.size()).sum();
        var duplicates = publishers.stream().mapToInt(p -> p.duplicates.size()).sum();
        var open = publishers.stream().mapToInt(Publisher::openCount).sum();
        var seen = new ArrayList<Integer>();
        readers.forEach(reader -> seen.add(reader.seen.size()));
        return acknowledged + " acknowledged, " + duplicates + " acknowledged as duplicates, " + open
                + " not acknowledged yet, seen " + seen;
    }
}

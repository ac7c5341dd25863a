package io.duplexer.app.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A message is encoded once, however many receive it. */
final class DeliveryTest {
    private static final int THREADS = 8;

    @RepeatedTest(20)
    void manyThreadsAtOnceShareOneEncoding() throws Exception {
        var made = new AtomicInteger();
        Delivery.Encoding<byte[]> encoding = message -> {
            made.incrementAndGet();
            return message.toByteArray();
        };
        var delivery = new Delivery(Words.line("ann", "room", "m1"));
        var start = new CountDownLatch(1);
        var pool = Executors.newFixedThreadPool(THREADS);
        try {
            var encoded = IntStream.range(0, THREADS)
                    .mapToObj(i -> pool.submit(() -> {
                        start.await();
                        return delivery.as(encoding);
                    }))
                    .toList();
            start.countDown();
            Set<byte[]> different = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Future<byte[]> one : encoded) {
                different.add(one.get());
            }
            assertThat(different).hasSize(1);
        } finally {
            pool.shutdown();
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void eachEncodingIsMadeByItself() {
        var delivery = new Delivery(Words.line("ann", "room", "m1"));
        Delivery.Encoding<String> id = message -> message.getId();
        Delivery.Encoding<String> user = message -> message.getUserId();

        assertThat(delivery.as(id)).isEqualTo("m1");
        assertThat(delivery.as(user)).isEqualTo("ann");
        assertThat(delivery.as(id)).isSameAs(delivery.as(id));
    }

    @Test
    void itCountsAsTheBytesOfItsProtobuf() {
        var message = Words.line("ann", "room", "m1");

        assertThat(new Delivery(message).bytes()).isEqualTo(message.toByteArray().length);
    }

    @Test
    void allMembersOfARoomGetTheSameDelivery() {
        var test = new TestChat();
        var ann = test.connect().join("ann", "room");
        var bob = test.connect().join("bob", "room");
        test.publish("room", 1);

        var toAnn = ann.outlet().deliveries();
        var toBob = bob.outlet().deliveries();
        assertThat(toAnn.get(toAnn.size() - 1)).isSameAs(toBob.get(toBob.size() - 1));
    }
}

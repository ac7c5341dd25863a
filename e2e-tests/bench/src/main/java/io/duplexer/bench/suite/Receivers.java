package io.duplexer.bench.suite;

import io.duplexer.bench.load.ChatTransport;
import io.duplexer.bench.load.GrpcCalls;
import io.duplexer.bench.load.GrpcLoad;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import java.util.function.IntConsumer;

/** Members of a room on one transport, each on a connection of its own, all of one user: nobody is told who else comes. */
final class Receivers {
    private static final String USER = "client1";

    private final GrpcLoad load;
    private final int count;
    private final IntConsumer onDelivery;
    private int ready;

    /**
     * Joins the room.
     *
     * @param onDelivery is called with the number of the receiver, from 0, that has a message
     */
    Receivers(GrpcLoad load, ChatTransport transport, String room, int count, IntConsumer onDelivery) {
        this.load = load;
        this.count = count;
        this.onDelivery = onDelivery;
        Message join = Message.newBuilder()
                .setUserId(USER)
                .setRoom(room)
                .setJoin(Join.getDefaultInstance())
                .build();
        for (int number = 0; number < count; number++) {
            transport.join(load, join, new Receiver(number));
        }
    }

    /** Waits until every join is answered. */
    void await() {
        load.runUntil(() -> ready == count);
    }

    private final class Receiver implements GrpcCalls.Listener {
        private final int number;
        private boolean joined;

        Receiver(int number) {
            this.number = number;
        }

        @Override
        public void onMessage() {
            if (joined) {
                onDelivery.accept(number);
            } else {
                joined = true;
                ready++;
            }
        }

        @Override
        public void onEnd() {
            throw new IllegalStateException("the server has ended a subscription");
        }
    }
}

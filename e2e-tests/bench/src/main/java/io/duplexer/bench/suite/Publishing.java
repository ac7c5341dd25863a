package io.duplexer.bench.suite;

/** Keeps a window of messages under way: the next is sent when as many deliveries as there are receivers have come. */
final class Publishing {
    private final int receivers;
    private final Meter meter;
    private Runnable publish = () -> {};
    private long[] sentAtNanos = new long[0];
    private long sent;
    private long delivered;

    Publishing(int receivers, Meter meter) {
        this.receivers = receivers;
        this.meter = meter;
    }

    void start(Runnable send, int window) {
        sentAtNanos = new long[window];
        publish = () -> {
            sentAtNanos[(int) (sent % window)] = System.nanoTime();
            sent++;
            send.run();
        };
        for (int i = 0; i < window; i++) {
            publish.run();
        }
    }

    void onDelivery() {
        meter.count();
        delivered++;
        if (delivered % receivers == 0) {
            long message = delivered / receivers - 1;
            meter.took(System.nanoTime() - sentAtNanos[(int) (message % sentAtNanos.length)]);
            publish.run();
        }
    }

    void stop() {
        publish = () -> {};
    }

    boolean isComplete() {
        return delivered == sent * receivers;
    }
}

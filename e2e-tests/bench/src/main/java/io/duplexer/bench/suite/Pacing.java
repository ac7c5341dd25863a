package io.duplexer.bench.suite;

/**
 * Publishes at a rate, whatever comes back. A delivery has taken what has passed since the message was due: if the server
 * or the load falls behind, everything that waits behind it shows that.
 */
final class Pacing {
    private final Meter meter;
    private final long intervalNanos;
    private final long[] received;
    private Runnable send = () -> {};
    private long startedAtNanos;
    private long sent;
    private long delivered;

    Pacing(int receivers, double messagesPerSecond, Meter meter) {
        this.meter = meter;
        received = new long[receivers];
        intervalNanos = (long) (1e9 / messagesPerSecond);
    }

    void start(Runnable newSend) {
        send = newSend;
        startedAtNanos = System.nanoTime();
    }

    /** Sends what is due. */
    void act() {
        while (due(sent) <= System.nanoTime()) {
            sent++;
            send.run();
        }
    }

    void onDelivery(int receiver) {
        meter.count();
        meter.took(Math.max(0, System.nanoTime() - due(received[receiver])));
        received[receiver]++;
        delivered++;
    }

    private long due(long message) {
        return startedAtNanos + message * intervalNanos;
    }

    boolean isComplete() {
        return delivered == sent * received.length;
    }
}

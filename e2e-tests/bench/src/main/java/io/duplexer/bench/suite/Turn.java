package io.duplexer.bench.suite;

import io.duplexer.bench.load.GrpcCalls;

/** One of those under way: a unary call after the other, or a message after its answer on one open call. */
final class Turn implements GrpcCalls.Listener {
    private final GrpcCalls calls;
    private final Meter meter;
    private final boolean streaming;
    private GrpcCalls.Call call;
    private long sentAtNanos;
    private boolean answered;

    @SuppressWarnings("NullAway.Init") // Begins before anything comes.
    Turn(GrpcCalls calls, Meter meter, boolean streaming) {
        this.calls = calls;
        this.meter = meter;
        this.streaming = streaming;
    }

    void begin() {
        answered = false;
        sentAtNanos = System.nanoTime();
        call = calls.start(this);
        if (streaming) {
            call.send();
        } else {
            call.sendLast();
        }
    }

    @Override
    public void onMessage() {
        answered = true;
        if (streaming) {
            done();
            sentAtNanos = System.nanoTime();
            call.send();
        }
    }

    @Override
    public void onEnd() {
        if (streaming || !answered) {
            throw new IllegalStateException(streaming ? "the server has ended a stream" : "a call was refused");
        }
        done();
        begin();
    }

    private void done() {
        meter.count();
        meter.took(System.nanoTime() - sentAtNanos);
    }
}

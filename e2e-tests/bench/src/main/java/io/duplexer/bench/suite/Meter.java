package io.duplexer.bench.suite;

import io.duplexer.bench.contender.CpuTime;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.report.Measurement;
import org.HdrHistogram.Histogram;

/** Measures one turn: its operations, how long they took, and what the server used of its processor meanwhile. */
public final class Meter {
    private final RunningServer server;
    private final Histogram nanos = new Histogram(3);
    private long operations;
    private CpuTime cpuAtStart = CpuTime.ZERO;
    private long startedAtNanos;

    public Meter(RunningServer server) {
        this.server = server;
    }

    /** An operation has been done. */
    public void count() {
        operations++;
    }

    /** Something that a user waits for has taken so long: an operation, or all deliveries of one message. */
    public void took(long elapsedNanos) {
        nanos.recordValue(elapsedNanos);
    }

    /** Forgets what was before, which warmed up. */
    public void start() {
        operations = 0;
        nanos.reset();
        cpuAtStart = server.cpu();
        startedAtNanos = System.nanoTime();
    }

    /** What has been since the start. */
    public Measurement stop() {
        if (operations == 0) {
            throw new IllegalStateException(server.contender().name() + " has done nothing");
        }
        double seconds = (System.nanoTime() - startedAtNanos) / 1e9;
        CpuTime cpu = server.cpu().minus(cpuAtStart);
        return new Measurement(
                operations / seconds,
                cpu.total().toNanos() / 1e3 / operations,
                cpu.kernel().toNanos() / 1e3 / operations,
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6);
    }
}

package io.duplexer.bench.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one contender did in one round.
 *
 * @param perSecond operations a second
 * @param cpuMicros processor time of the server an operation
 * @param kernelMicros what of that the kernel used, for system calls and what they set off
 * @param p50Millis half of all operations took at most this long
 * @param p99Millis 99 of 100 operations took at most this long
 */
public record Measurement(double perSecond, double cpuMicros, double kernelMicros, double p50Millis, double p99Millis) {
    /** The median of each figure by itself. */
    public static Measurement median(List<Measurement> rounds) {
        return new Measurement(
                median(rounds, Measurement::perSecond),
                median(rounds, Measurement::cpuMicros),
                median(rounds, Measurement::kernelMicros),
                median(rounds, Measurement::p50Millis),
                median(rounds, Measurement::p99Millis));
    }

    /** The median of a figure: of an even number of rounds, the mean of the two in the middle. */
    public static <T> double median(List<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

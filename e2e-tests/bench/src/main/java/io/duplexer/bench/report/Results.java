package io.duplexer.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measurements by case and contender, as a Markdown table of medians. The first contender is what others are held to. */
public final class Results {
    private final String caseTitle;
    private final String operations;
    private final Map<String, Map<String, List<Measurement>>> byCase = new LinkedHashMap<>();

    /**
     * @param caseTitle what a case is
     * @param operations what was counted, in the plural
     */
    public Results(String caseTitle, String operations) {
        this.caseTitle = caseTitle;
        this.operations = operations;
    }

    /** Adds what a contender did in one round of a case, and tells it on standard error. */
    public void add(String testCase, String contender, Measurement measurement) {
        byCase.computeIfAbsent(testCase, key -> new LinkedHashMap<>())
                .computeIfAbsent(contender, key -> new ArrayList<>())
                .add(measurement);
        System.err.printf(
                Locale.ROOT,
                "%s, %s: %.0f/s, %.2f us CPU%n",
                testCase,
                contender,
                measurement.perSecond(),
                measurement.cpuMicros());
    }

    public String markdown() {
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "| %s | server | %s/s | server CPU, us | kernel's, us | CPU, ratio | p50, ms | p99, ms |%n|---|---|--:|--:|--:|--:|--:|--:|%n",
                caseTitle,
                operations));
        byCase.forEach((testCase, byContender) -> {
            double first =
                    Measurement.median(byContender.values().iterator().next()).cpuMicros();
            byContender.forEach((contender, rounds) -> {
                Measurement median = Measurement.median(rounds);
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %,.0f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                        testCase,
                        contender,
                        median.perSecond(),
                        median.cpuMicros(),
                        median.kernelMicros(),
                        median.cpuMicros() / first,
                        median.p50Millis(),
                        median.p99Millis()));
            });
        });
        return table.toString();
    }
}

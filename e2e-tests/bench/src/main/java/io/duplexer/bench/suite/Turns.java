package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.contender.RunningServers;
import io.duplexer.bench.report.Measurement;
import io.duplexer.bench.report.Results;
import java.time.Duration;
import java.util.List;

/**
 * A suite whose contenders take turns, round by round, so that whatever else the machine does falls on all of them alike.
 *
 * @param <C> a case; the tables have its {@code toString()}
 */
abstract class Turns<C> implements Suite {
    /** The first one is what the others are compared with. */
    abstract List<Contender> contenders();

    /** In the order of the table; each contender warms up on all of them. */
    abstract List<C> cases();

    /** What a case is: the head of its column. */
    abstract String caseTitle();

    /** What is counted, in the plural. */
    abstract String operations();

    /** One turn, the load's connections included. */
    abstract Measurement measure(RunningServer server, C testCase, Duration duration);

    /** Whether a contender can do this; it sits the case out otherwise. */
    boolean takesPart(Contender contender, C testCase) {
        return true;
    }

    @Override
    public final String run(Settings settings) {
        Results results = new Results(caseTitle(), operations());
        List<C> cases = settings.selectCases(cases());
        try (RunningServers servers = new RunningServers(settings.select(contenders()), settings.serverProcessor())) {
            for (RunningServer server : servers) {
                warmUp(server, cases, settings.warmUp());
            }
            for (C testCase : cases) {
                for (int round = 0; round < settings.rounds(); round++) {
                    for (RunningServer server : servers) {
                        if (takesPart(server.contender(), testCase)) {
                            results.add(
                                    testCase.toString(),
                                    server.contender().name(),
                                    measure(server, testCase, settings.duration()));
                        }
                    }
                }
            }
        }
        return results.markdown();
    }

    /** The first case is the busiest, and has most code compiled: half of the time is its own. */
    private void warmUp(RunningServer server, List<C> cases, Duration duration) {
        List<C> own = cases.stream()
                .filter(each -> takesPart(server.contender(), each))
                .toList();
        if (own.isEmpty()) {
            return;
        }
        measure(server, own.get(0), duration.dividedBy(2));
        for (C testCase : own) {
            measure(server, testCase, duration.dividedBy(2L * own.size()));
        }
    }
}

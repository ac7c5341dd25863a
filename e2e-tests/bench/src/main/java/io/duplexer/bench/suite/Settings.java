package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * How long, where and who.
 *
 * @param rounds how often each contender has its turn
 * @param duration of one turn
 * @param warmUp how long each contender is loaded before it is measured, so that its code is compiled by then
 * @param serverProcessor the number of the processor that servers run on; the load must have another
 * @param only the names of the contenders that take part; all if it is empty
 * @param cases the names of the cases that are measured, of suites that have any; all if it is empty
 * @param javaFlags what the servers in Java are started with besides
 */
public record Settings(
        int rounds,
        Duration duration,
        Duration warmUp,
        int serverProcessor,
        List<String> only,
        List<String> cases,
        List<String> javaFlags) {
    /**
     * Those of the contenders that take part.
     *
     * @throws UnknownNameException if none of them is named
     */
    List<Contender> select(List<Contender> contenders) {
        return named("--only", only, contenders, Contender::name).stream()
                .map(contender -> contender.withJava(javaFlags))
                .toList();
    }

    /**
     * Those of the cases that are measured.
     *
     * @throws UnknownNameException if none of them is named
     */
    <C> List<C> selectCases(List<C> all) {
        return named("--case", cases, all, Object::toString);
    }

    private static <T> List<T> named(String option, List<String> names, List<T> all, Function<T, String> name) {
        List<T> named = all.stream()
                .filter(each -> names.isEmpty() || names.contains(name.apply(each)))
                .toList();
        if (named.isEmpty()) {
            throw new UnknownNameException(option + ": " + String.join(" | ", names) + " (expected: "
                    + String.join(" | ", all.stream().map(name).toList()) + ")");
        }
        return named;
    }
}

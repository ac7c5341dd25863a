package io.duplexer.bridge.gateway;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The value of {@code grpc-timeout}: at most eight digits and a unit (PROTOCOL-HTTP2, "Timeout"). Pure.
 */
final class GrpcTimeout {
    private static final Pattern VALUE = Pattern.compile("(\\d{1,8})([HMSmun])");
    private static final Map<String, TimeUnit> UNITS = Map.of(
            "H", TimeUnit.HOURS,
            "M", TimeUnit.MINUTES,
            "S", TimeUnit.SECONDS,
            "m", TimeUnit.MILLISECONDS,
            "u", TimeUnit.MICROSECONDS,
            "n", TimeUnit.NANOSECONDS);

    private static final int MAX_VALUE = 99_999_999;

    private GrpcTimeout() {}

    /** @throws IllegalArgumentException with a text for the client's developer, if it is none */
    static Duration parse(String value) {
        var timeout = VALUE.matcher(value);
        if (!timeout.matches()) {
            throw new IllegalArgumentException(
                    "grpc-timeout: not a timeout (expected: one to eight digits and one of H, M, S, m, u, n)");
        }
        var unit = UNITS.getOrDefault(timeout.group(2), TimeUnit.SECONDS);
        return Duration.of(Long.parseLong(timeout.group(1)), unit.toChronoUnit());
    }

    /** In the finest unit that has room for it. */
    static String format(Duration timeout) {
        var nanos = timeout.compareTo(Duration.ofNanos(MAX_VALUE)) <= 0 ? timeout.toNanos() : -1;
        if (nanos >= 0) {
            return nanos + "n";
        }
        if (timeout.compareTo(Duration.ofNanos(MAX_VALUE * 1_000L)) <= 0) {
            return timeout.toNanos() / 1_000 + "u";
        }
        if (timeout.compareTo(Duration.ofMillis(MAX_VALUE)) <= 0) {
            return timeout.toMillis() + "m";
        }
        return timeout.toSeconds() <= MAX_VALUE ? timeout.toSeconds() + "S" : timeout.toHours() + "H";
    }
}

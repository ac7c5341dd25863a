package io.duplexer.app.cli;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration: {@code 500ms}, {@code 25s}, {@code 2m}, {@code 12h} or {@code 7d}. */
final class ShortDuration implements ITypeConverter<Duration> {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    /** A hundred years, which nanoseconds in 64 bits can count three times over. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ms",
            ChronoUnit.MILLIS,
            "s",
            ChronoUnit.SECONDS,
            "m",
            ChronoUnit.MINUTES,
            "h",
            ChronoUnit.HOURS,
            "d",
            ChronoUnit.DAYS);

    @Override
    public Duration convert(String text) {
        var duration = DURATION.matcher(text);
        if (!duration.matches()) {
            throw new TypeConversionException("'" + text + "' (expected: a duration like 500ms, 25s, 2m, 12h or 7d)");
        }
        var unit = UNITS.getOrDefault(duration.group(2), ChronoUnit.SECONDS);
        var read = Duration.of(Long.parseLong(duration.group(1)), unit);
        if (read.compareTo(LONGEST) > 0) {
            throw new TypeConversionException("'" + text + "' (expected: at most " + LONGEST.toDays() + "d)");
        }
        return read;
    }
}

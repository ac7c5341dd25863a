package io.duplexer.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them. */
final class ShortDurationTest {
    private final ShortDuration duration = new ShortDuration();

    @ParameterizedTest
    @CsvSource({
        "0ms, 0",
        "0s, 0",
        "1ms, 1",
        "500ms, 500",
        "1s, 1000",
        "25s, 25000",
        "1m, 60000",
        "2m, 120000",
        "12h, 43200000",
        "7d, 604800000",
        "999999999ms, 999999999",
        "36500d, 3153600000000",
    })
    void isRead(String text, long millis) {
        assertThat(duration.convert(text)).hasMillis(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "25", "-1s", "1.5s", "1 s", "s", "1w", "1H", "1S", "1M", "PT25S", "1000000000s", "soon"
            })
    void isRefusedWithExamples(String text) {
        assertThatThrownBy(() -> duration.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' (expected: a duration like 500ms, 25s, 2m, 12h or 7d)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"36501d", "876001h", "52560001m", "999999999d"})
    void isAtMostACentury(String text) {
        assertThatThrownBy(() -> duration.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' (expected: at most 36500d)");
    }
}

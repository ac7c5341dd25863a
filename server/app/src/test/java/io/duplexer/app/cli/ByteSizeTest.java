package io.duplexer.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Sizes as people write them. */
final class ByteSizeTest {
    private final ByteSize size = new ByteSize();

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "65536, 65536",
        "2147483647, 2147483647",
        "0KiB, 0",
        "1KiB, 1024",
        "64KiB, 65536",
        "64kib, 65536",
        "64KIB, 65536",
        "2097151KiB, 2147482624",
        "1MiB, 1048576",
        "4MiB, 4194304",
        "2047MiB, 2146435072",
    })
    void isRead(String text, int bytes) {
        assertThat(size.convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1.5MiB",
                "1 MiB",
                "1MB",
                "1M",
                "1K",
                "1GiB",
                "KiB",
                "0x10",
                "1e3",
                "many",
                "2147483648",
                "2097152KiB",
                "2048MiB",
                "9999999999MiB",
                "99999999999",
                "\u0661"
            })
    void isRefusedWithExamples(String text) {
        assertThatThrownBy(() -> size.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' (expected: bytes below 2 GiB, like 65536, 64KiB or 4MiB)");
    }
}

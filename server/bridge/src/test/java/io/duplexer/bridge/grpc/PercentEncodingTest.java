package io.duplexer.bridge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PercentEncodingTest {
    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "'plain text ~', 'plain text ~'",
        "'100 %', '100 %25'",
        "'a\r\nb\t', 'a%0D%0Ab%09'",
        "'\u007f', '%7F'",
        "'gr\u00f6\u00dfer', 'gr%C3%B6%C3%9Fer'",
        "'\uD83D\uDE00', '%F0%9F%98%80'",
    })
    void onlyPrintableAsciiWithoutPercentIsKept(String message, String encoded) {
        assertThat(PercentEncoding.encode(message)).isEqualTo(encoded);
    }
}

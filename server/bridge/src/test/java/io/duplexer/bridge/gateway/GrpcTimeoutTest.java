package io.duplexer.bridge.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The value of {@code grpc-timeout}. */
final class GrpcTimeoutTest {
    @ParameterizedTest
    @CsvSource({
        "0n, PT0S",
        "1n, PT0.000000001S",
        "2u, PT0.000002S",
        "3m, PT0.003S",
        "4S, PT4S",
        "5M, PT5M",
        "6H, PT6H",
        "99999999H, PT99999999H",
    })
    void isReadInEveryUnit(String value, Duration timeout) {
        assertThat(GrpcTimeout.parse(value)).isEqualTo(timeout);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "S", "1", "1s", "-1S", "1.5S", "123456789S", "1 S", "1SS"})
    void whatIsNoneIsRefused(String value) {
        assertThatThrownBy(() -> GrpcTimeout.parse(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("grpc-timeout: not a timeout (expected: one to eight digits");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0n",
        "PT0.099999999S, 99999999n",
        "PT0.1S, 100000u",
        "PT99.999999S, 99999999u",
        "PT100S, 100000m",
        "PT99999.999S, 99999999m",
        "PT100000S, 100000S",
        "PT99999999S, 99999999S",
        "PT100000000S, 27777H",
    })
    void isWrittenInTheFinestUnitThatHasRoom(Duration timeout, String value) {
        assertThat(GrpcTimeout.format(timeout)).isEqualTo(value);
    }
}

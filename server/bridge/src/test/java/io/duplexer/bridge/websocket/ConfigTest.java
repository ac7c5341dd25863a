package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Defaults, which are a promise, and the checks of settings. */
final class ConfigTest {
    private static final int MIB = 1024 * 1024;

    @Test
    void theDefaultsAreThese() {
        assertThat(WebSocketConfig.DEFAULT)
                .isEqualTo(new WebSocketConfig(
                        MIB,
                        MIB,
                        MIB,
                        Duration.ofSeconds(25),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        new WebSocketCompression(0, 0)));
        assertThat(WebSocketCompression.upTo(7)).isEqualTo(new WebSocketCompression(7, 256));
    }

    @Test
    void eachSettingCanBeChangedAlone() {
        WebSocketConfig changed = WebSocketConfig.DEFAULT
                .withMaxMessageBytes(2)
                .withMaxFrameBytes(1)
                .withMaxQueuedBytes(3)
                .withPings(Duration.ofSeconds(4), Duration.ofSeconds(5))
                .withCloseTimeout(Duration.ofSeconds(6))
                .withStopTimeout(Duration.ofSeconds(7))
                .withCompression(WebSocketCompression.upTo(7));
        assertThat(changed)
                .isEqualTo(new WebSocketConfig(
                        1,
                        2,
                        3,
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        WebSocketCompression.upTo(7)));
        assertThat(WebSocketConfig.DEFAULT.withMaxMessageBytes(9).maxFrameBytes())
                .isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void sizesMustBePositive(int size) {
        WebSocketConfig config = WebSocketConfig.DEFAULT;
        assertThatThrownBy(() -> config.withMaxFrameBytes(size))
                .hasMessage("maxFrameBytes: " + size + " (expected: > 0)");
        assertThatThrownBy(() -> config.withMaxMessageBytes(size)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> config.withMaxQueuedBytes(size))
                .hasMessage("maxQueuedBytes: " + size + " (expected: > 0)");
    }

    @Test
    void durationsAreChecked() {
        WebSocketConfig config = WebSocketConfig.DEFAULT;
        assertThat(config.withPings(Duration.ZERO, Duration.ofSeconds(1)).pingInterval())
                .isZero();
        assertThatThrownBy(() -> config.withPings(Duration.ofSeconds(-1), Duration.ofSeconds(1)))
                .hasMessage("pingInterval: PT-1S (expected: >= 0)");
        assertThatThrownBy(() -> config.withPings(Duration.ZERO, Duration.ZERO))
                .hasMessage("pongTimeout: PT0S (expected: > 0)");
        assertThatThrownBy(() -> config.withCloseTimeout(Duration.ZERO))
                .hasMessage("closeTimeout: PT0S (expected: > 0)");
        assertThat(config.withStopTimeout(Duration.ZERO).stopTimeout()).isZero();
        assertThatThrownBy(() -> config.withStopTimeout(Duration.ofSeconds(-1)))
                .hasMessage("stopTimeout: PT-1S (expected: >= 0)");
    }

    @Test
    void compressionIsChecked() {
        assertThatThrownBy(() -> new WebSocketCompression(-1, 0)).hasMessage("maxConnections: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new WebSocketCompression(0, -1)).hasMessage("minMessageBytes: -1 (expected: >= 0)");
    }

    @ParameterizedTest
    @CsvSource({
        "1000, true",
        "1001, true",
        "1002, true",
        "1003, true",
        "1004, false",
        "1005, false",
        "1006, false",
        "1007, true",
        "1011, true",
        "1014, true",
        "1015, false",
        "2999, false",
        "3000, true",
        "3999, true",
        "4999, true"
    })
    void onlySomeCodesCanBeSent(int code, boolean sendable) {
        assertThat(new CloseStatus(code, "").isSendable()).isEqualTo(sendable);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 5000, 65535})
    void otherCodesDoNotExist(int code) {
        assertThatThrownBy(() -> new CloseStatus(code, "")).hasMessage("code: " + code + " (expected: 1000-4999)");
    }
}

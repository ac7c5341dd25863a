package io.duplexer.app.cli;

import static io.duplexer.app.cli.CommandLineRun.config;
import static io.duplexer.app.cli.CommandLineRun.environment;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.chat.ChatLimits;
import io.duplexer.app.history.Retention;
import io.duplexer.app.port.PortConfig;
import io.duplexer.app.server.HistoryConfig;
import io.duplexer.app.server.ServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the command line and the environment to the settings. */
final class OptionsTest {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * 1024;

    /** All defaults of the server are pinned here. */
    static final ServerConfig DEFAULTS = new ServerConfig(
            new PortConfig(
                    "127.0.0.1",
                    8080,
                    new PortConfig.Tls.Off(),
                    List.of(),
                    20_000,
                    4 * MIB,
                    Duration.ofSeconds(25),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10)),
            new HistoryConfig.Sqlite(
                    Path.of("data"), new Retention(10_000, 100_000, Duration.ZERO, Duration.ofDays(7))),
            new ChatLimits(64 * KIB, 20_000, 10_000, 100, 100, 200, Duration.ofSeconds(5)),
            MIB,
            MIB);

    private static final ServerConfig OTHERS = new ServerConfig(
            new PortConfig(
                    "0.0.0.0",
                    0,
                    new PortConfig.Tls.SelfSigned(),
                    List.of("https://a.example", "http://b.example:81"),
                    5,
                    2 * MIB,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(1),
                    Duration.ofMillis(2),
                    Duration.ofMinutes(1)),
            new HistoryConfig.Memory(new Retention(6, 8, Duration.ofHours(9), Duration.ofSeconds(10))),
            new ChatLimits(1 * KIB, 5, 6, 7, 0, 4, Duration.ZERO),
            MIB,
            3 * KIB);

    @Test
    void withoutAnyOptionAllIsAtItsDefault() {
        assertThat(config("")).isEqualTo(DEFAULTS);
    }

    @Test
    void everyOptionHasItsEffect() {
        assertThat(config("--host 0.0.0.0 --port 0 --tls-self-signed --allowed-origin https://a.example"
                        + " --allowed-origin http://b.example:81 --history memory --data elsewhere"
                        + " --retain-messages 8 --retain-age 9h --duplicate-window 10s"
                        + " --max-content-bytes 1KiB --max-message-bytes 2MiB --publish-rate 0 --publish-burst 4"
                        + " --max-queued-bytes 3KiB --max-connections 5 --max-rooms 6 --max-subscriptions 7 --presence-grace 0s"
                        + " --ping-interval 1s --pong-timeout 1ms --handshake-timeout 2ms --grace-period 1m"))
                .isEqualTo(OTHERS);
    }

    @Test
    void everyOptionCanComeFromTheEnvironment() {
        assertThat(config(
                        "",
                        environment("HOST=0.0.0.0 PORT=0 TLS_SELF_SIGNED=true"
                                + " ALLOWED_ORIGIN=https://a.example,http://b.example:81 HISTORY=MEMORY DATA=elsewhere"
                                + " RETAIN_MESSAGES=8 RETAIN_AGE=9h DUPLICATE_WINDOW=10s"
                                + " MAX_CONTENT_BYTES=1KiB MAX_MESSAGE_BYTES=2MiB PUBLISH_RATE=0 PUBLISH_BURST=4"
                                + " MAX_QUEUED_BYTES=3KiB MAX_CONNECTIONS=5 MAX_ROOMS=6 MAX_SUBSCRIPTIONS=7 PRESENCE_GRACE=0s"
                                + " PING_INTERVAL=1s PONG_TIMEOUT=1ms HANDSHAKE_TIMEOUT=2ms GRACE_PERIOD=1m")))
                .isEqualTo(OTHERS);
    }

    @Test
    void theCommandLineWinsOverTheEnvironment() {
        var environment = environment("PORT=1 HOST=127.0.0.2 ALLOWED_ORIGIN=https://a.example MAX_ROOMS=none");
        var config = config("--port 2 --allowed-origin https://b.example --max-rooms 3", environment);

        assertThat(config.port().port()).isEqualTo(2);
        assertThat(config.port().allowedOrigins()).containsExactly("https://b.example");
        assertThat(config.chat().maxRooms()).isEqualTo(3);
        assertThat(config.history().retention().maxRooms()).isEqualTo(3);
        assertThat(config.port().host()).as("not on the command line").isEqualTo("127.0.0.2");
    }

    @Test
    void otherVariablesMeanNothing() {
        assertThat(config("", Map.of("PORT", "1", "DUPLEXER_", "1", "DUPLEXER_UNKNOWN", "1", "duplexer_port", "1")))
                .isEqualTo(DEFAULTS);
    }

    @Test
    void theVersionAndTheHelpAreNotAskedForByTheEnvironment() {
        assertThat(config("", environment("VERSION=1.0 HELP=yes"))).isEqualTo(DEFAULTS);
        assertThat(CommandLineRun.of("--port nowhere", environment("VERSION=true HELP=true")))
                .extracting(CommandLineRun::exitCode)
                .isEqualTo(2);
    }

    @Test
    void theHistoryIsInADirectoryOfItsOwn() {
        assertThat(config("--history sqlite --data some/where").history())
                .isInstanceOfSatisfying(
                        HistoryConfig.Sqlite.class,
                        sqlite -> assertThat(sqlite.directory()).isEqualTo(Path.of("some/where")));
    }

    @Test
    void aWebSocketMessageIsAtMostAMebibyteWhateverGrpcAllows() {
        assertThat(config("--max-message-bytes 1048577").maxWebSocketMessageBytes())
                .isEqualTo(MIB);
        assertThat(config("--max-message-bytes 1048575").maxWebSocketMessageBytes())
                .isEqualTo(MIB - 1);
    }

    @Test
    void aCertificateAndItsKeyAreTakenTogether(@TempDir Path directory) throws Exception {
        var certificate = Files.writeString(directory.resolve("c.pem"), "");
        var key = Files.writeString(directory.resolve("k.pem"), "");

        assertThat(config("--tls-cert " + certificate + " --tls-key " + key)
                        .port()
                        .tls())
                .isEqualTo(new PortConfig.Tls.Files(certificate, key));
    }
}

package io.duplexer.app.cli;

import static io.duplexer.app.cli.CommandLineRun.environment;
import static io.duplexer.app.cli.CommandLineRun.gatewayConfig;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.gateway.GatewayConfig;
import io.duplexer.app.gateway.HostAndPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** From the gateway's command line and environment to its settings. */
final class GatewayOptionsTest {
    private static final HostAndPort A = new HostAndPort("a.example", 1);
    private static final HostAndPort B = new HostAndPort("127.0.0.1", 2);
    private static final HostAndPort C = new HostAndPort("::1", 3);

    /** All defaults of the gateway are pinned here; those of its port are the server's. */
    private static final GatewayConfig DEFAULTS = new GatewayConfig(
            OptionsTest.DEFAULTS.port(),
            Map.of("/", List.of(A)),
            new GatewayConfig.Tls.Off(),
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            Duration.ofMinutes(1),
            10_000,
            false);

    private static GatewayConfig config(String line) {
        return gatewayConfig(line, Map.of());
    }

    @Test
    void withOnlyAnUpstreamAllIsAtItsDefault() {
        assertThat(config("--upstream a.example:1")).isEqualTo(DEFAULTS);
    }

    @Test
    void everyOptionHasItsEffect() {
        var options = "--upstream a.example:1 --upstream 127.0.0.1:2 --route /x.Y/=[::1]:3 --route /x.Y/=a.example:1"
                + " --upstream-tls --health-check-interval 0s --connect-timeout 1ms --upstream-idle-timeout 2s"
                + " --max-calls 3 --max-message-bytes 4 --max-connections 5 --page --port 0 --grace-period 0ms";
        var others = config(options);

        assertThat(others.upstreams()).isEqualTo(Map.of("/", List.of(A, B), "/x.Y/", List.of(C, A)));
        assertThat(others.tls()).isEqualTo(new GatewayConfig.Tls.On(null, null, null));
        assertThat(others.healthCheckInterval()).isZero();
        assertThat(others.connectTimeout()).isEqualTo(Duration.ofMillis(1));
        assertThat(others.upstreamIdleTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(others.maxCalls()).isEqualTo(3);
        assertThat(others.port().maxMessageBytes()).isEqualTo(4);
        assertThat(others.port().maxConnections()).isEqualTo(5);
        assertThat(others.page()).isTrue();
        assertThat(others.port().port()).isZero();
        assertThat(others.port().gracePeriod()).isZero();
    }

    @Test
    void optionsCanComeFromTheEnvironment() {
        assertThat(gatewayConfig("", environment("UPSTREAM=a.example:1,127.0.0.1:2 MAX_CALLS=7 PORT=9")))
                .extracting(
                        each -> each.upstreams().get("/"),
                        GatewayConfig::maxCalls,
                        each -> each.port().port())
                .containsExactly(List.of(A, B), 7, 9);
    }

    @Test
    void filesForTlsImplyIt(@TempDir Path directory) throws Exception {
        var file = Files.writeString(directory.resolve("some.pem"), "");

        assertThat(config("--upstream a.example:1 --upstream-ca " + file).tls())
                .isEqualTo(new GatewayConfig.Tls.On(file, null, null));
        assertThat(config("--upstream a.example:1 --upstream-cert " + file + " --upstream-key " + file)
                        .tls())
                .isEqualTo(new GatewayConfig.Tls.On(null, file, file));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            --port 0                                    | --upstream: missing (expected: HOST:PORT of a gRPC server, or a --route)
            --upstream a                                | 'a' (expected: HOST:PORT, like 127.0.0.1:50051 or [::1]:50051)
            --upstream a:0                              | 'a:0' (expected: HOST:PORT
            --upstream a:65536                          | 'a:65536' (expected: HOST:PORT
            --upstream http://a:1                       | 'http://a:1' (expected: HOST:PORT
            --upstream ::1:1                            | '::1:1' (expected: HOST:PORT
            --route x.Y/=a:1                            | 'x.Y/=a:1' (expected: PREFIX=HOST:PORT, like /package.Service/=127.0.0.1:50051)
            --route /x.Y=a:1                            | '/x.Y=a:1' (expected: PREFIX=HOST:PORT
            --route /x.Y/=a                             | 'a' (expected: HOST:PORT
            --route /=a:1                               | --route: / (expected: /package.Service/; --upstream is for all the rest)
            --route /x.Y/=a:1 --page                    | --page: without --upstream
            --upstream a:1 --max-calls 0                | --max-calls: 0 (expected: 1 to 1000000)
            --upstream a:1 --max-message-bytes 0        | --max-message-bytes: 0 (expected: 1 to 2147483647)
            --upstream a:1 --max-connections 0          | --max-connections: 0 (expected: 1 to 1000000)
            --upstream a:1 --connect-timeout 0ms        | --connect-timeout: 0ms (expected: at least 1ms)
            --upstream a:1 --upstream-idle-timeout 1999ms | --upstream-idle-timeout: 1999ms (expected: at least 2000ms)
            --upstream a:1 --upstream-key none.pem      | --upstream-cert: missing (expected: the certificate that --upstream-key belongs to)
            --upstream a:1 --upstream-cert none.pem     | --upstream-key: missing (expected: the private key of --upstream-cert)
            --upstream a:1 --upstream-ca none.pem       | --upstream-ca: none.pem cannot be read (expected: a PEM file)
            --upstream a:1 --port -1                    | --port: -1 (expected: 0 to 65535)
            --upstream a:1 --max-rooms 1                | --max-rooms
            """)
    void whatIsWrongIsSaidInOneLine(String line, String text) {
        var run = CommandLineRun.of("gateway " + line);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("duplexer: ").contains(text);
    }

    @Test
    void optionsOfTheServerBeforeTheCommandAreNotLost() {
        assertThat(CommandLineRun.of("--port 1 gateway --upstream a:1").err())
                .contains("--port: before the command (expected: duplexer gateway and its options)");
    }

    @Test
    void certificatesThatAreNoneAreNamed(@TempDir Path directory) throws Exception {
        var file = Files.writeString(directory.resolve("some.pem"), "no certificate");

        assertThat(CommandLineRun.of("gateway --port 0 --upstream a:1 --upstream-ca " + file)
                        .err())
                .contains("--upstream-ca, --upstream-cert, --upstream-key: cannot be used", "(expected: PEM");
    }

    @Test
    void theHelpMentionsEveryOptionAndItsDefault() {
        var help = CommandLineRun.of("gateway --help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        var words = help.out().replaceAll("\\s+", " ");
        for (var option : new CommandLine(new GatewayOptions()).getCommandSpec().options()) {
            assertThat(words).contains(option.longestName());
            if (option.defaultValue() != null) {
                assertThat(words).contains("Default: " + option.defaultValue());
            }
        }
        assertThat(CommandLineRun.of("--help").out()).contains("gateway");
    }
}

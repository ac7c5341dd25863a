package io.duplexer.app.cli;

import static io.duplexer.app.cli.CommandLineRun.environment;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.TlsKeyPair;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong is said in one line that names the option, and where it was taken from. */
final class WrongOptionsTest {
    /** One row an option: a value, and a part of what is said of it. */
    private static final String VALUES = """
            --port                 | x        | 'x' is not an int
            --port                 | -1       | -1 (expected: 0 to 65535)
            --port                 | 65536    | 65536 (expected: 0 to 65535)
            --history              | postgres | expected one of [sqlite, memory]
            --retain-messages      | 0        | 0 (expected: 1 to 2147483647)
            --retain-age           | 1w       | '1w' (expected: a duration like 500ms, 25s, 2m, 12h or 7d)
            --duplicate-window     | 999ms    | 999ms (expected: at least 1000ms)
            --allowed-origin       | example  | example (expected: scheme://host[:port] or *)
            --allowed-origin       | https://a.example/path | https://a.example/path (expected: scheme://host[:port] or *)
            --max-content-bytes    | 0        | 0 (expected: 1 to 2147483647)
            --max-content-bytes    | 1GB      | '1GB' (expected: bytes below 2 GiB, like 65536, 64KiB or 4MiB)
            --max-message-bytes    | 0        | 0 (expected: 1 to 2147483647)
            --max-message-bytes    | 66559    | 66559 (expected: at least 66560, which is --max-content-bytes and 1024 more)
            --max-queued-bytes     | 0        | 0 (expected: 1 to 2147483647)
            --publish-rate         | -1       | -1 (expected: 0 to 1000000)
            --publish-rate         | 1000001  | 1000001 (expected: 0 to 1000000)
            --publish-burst        | 0        | 0 (expected: 1 to 1000000)
            --publish-burst        | 1000001  | 1000001 (expected: 1 to 1000000)
            --max-connections      | 0        | 0 (expected: 1 to 1000000)
            --max-connections      | 1000001  | 1000001 (expected: 1 to 1000000)
            --max-rooms            | 0        | 0 (expected: 1 to 8000000)
            --max-rooms            | 8000001  | 8000001 (expected: 1 to 8000000)
            --max-subscriptions    | 0        | 0 (expected: 1 to 2147483647)
            --presence-grace       | -1s      | '-1s' (expected: a duration like 500ms, 25s, 2m, 12h or 7d)
            --ping-interval        | 25       | '25' (expected: a duration like 500ms, 25s, 2m, 12h or 7d)
            --ping-interval        | 999ms    | 999ms (expected: at least 1000ms)
            --pong-timeout         | 0ms      | 0ms (expected: at least 1ms)
            --handshake-timeout    | 0ms      | 0ms (expected: at least 1ms)
            --grace-period         | -1s      | '-1s' (expected: a duration like 500ms, 25s, 2m, 12h or 7d)
            --tls-cert             | none.pem | missing (expected: the private key of --tls-cert)
            --tls-key              | none.pem | missing (expected: the certificate that --tls-key belongs to)
            """;

    private static void assertRefused(CommandLineRun run, String... parts) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("duplexer: ").contains(parts);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(textBlock = VALUES, delimiter = '|')
    void onTheCommandLine(String option, String value, String text) {
        var run = CommandLineRun.of(option + "=" + value);

        assertRefused(run, option.startsWith("--tls") ? "--tls-" : option, text);
        assertThat(run.err()).doesNotContain("environment");
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(textBlock = VALUES, delimiter = '|')
    void inTheEnvironment(String option, String value, String text) {
        var variable = option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
        var run = CommandLineRun.of("", environment(variable + "=" + value));

        assertRefused(run, option.startsWith("--tls") ? "--tls-" : option, text);
        if (!option.startsWith("--tls")) {
            assertThat(run.err()).contains(" in the environment's DUPLEXER_" + variable + ".");
        }
    }

    @Test
    void onTheCommandLineItIsNotBlamedOnTheEnvironment() {
        assertThat(CommandLineRun.of("--port x", environment("PORT=1")).err()).doesNotContain("environment");
        assertThat(CommandLineRun.of("--port -1", environment("PORT=1")).err()).doesNotContain("environment");
        assertThat(CommandLineRun.of("--history=x --max-rooms=1", environment("HISTORY=memory MAX_ROOMS=2"))
                        .err())
                .doesNotContain("environment");
    }

    @Test
    void whatIsNoOptionIsNamed() {
        assertRefused(CommandLineRun.of("--prot 80"), "--prot");
        assertRefused(CommandLineRun.of("80"), "80");
        assertRefused(CommandLineRun.of("--port"), "--port");
        assertRefused(CommandLineRun.of("--port 1 --port 2"), "--port");
    }

    @Test
    void filesOfTlsMustBeReadableAndGoTogether(@TempDir Path directory) throws Exception {
        var file = Files.writeString(directory.resolve("some.pem"), "no certificate");
        var missing = directory.resolve("missing.pem");

        assertRefused(CommandLineRun.of("--tls-cert " + file), "--tls-key: missing (expected: the private key");
        assertRefused(CommandLineRun.of("--tls-key " + file), "--tls-cert: missing (expected: the certificate");
        assertRefused(
                CommandLineRun.of("--tls-cert " + missing + " --tls-key " + file),
                "--tls-cert: " + missing + " cannot be read (expected: a PEM file)");
        assertRefused(
                CommandLineRun.of("--tls-cert " + file + " --tls-key " + directory),
                "--tls-key: " + directory + " cannot be read (expected: a PEM file)");
        assertRefused(
                CommandLineRun.of("--tls-cert " + file + " --tls-key " + file + " --tls-self-signed"),
                "--tls-self-signed: beside --tls-cert and --tls-key (expected: one or the other)");
        assertRefused(
                CommandLineRun.of("--history memory --port 0 --tls-cert " + file + " --tls-key " + file),
                "--tls-cert, --tls-key: " + file,
                "(expected: PEM, the key as PKCS#8)");
    }

    @Test
    void aPortThatIsTakenAndAHostThatIsUnknownAreNamed() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    CommandLineRun.of("--history memory --port " + taken.getLocalPort()),
                    "--port: ",
                    "127.0.0.1:" + taken.getLocalPort(),
                    "a free port, or 0 to pick one");
        }
        assertRefused(
                CommandLineRun.of("--history memory --port 0 --host no.such.host.invalid"),
                "--host: no.such.host.invalid is not known (expected: an address of this machine)");
    }

    @Test
    void aKeyOfAnotherCertificateEndsTheStart(@TempDir Path directory) throws Exception {
        var one = TlsKeyPair.ofSelfSigned();
        var other = TlsKeyPair.ofSelfSigned();
        var certificate = directory.resolve("certificate.pem");
        var key = directory.resolve("key.pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", one.certificateChain().get(0).getEncoded()));
        Files.writeString(key, pem("PRIVATE KEY", other.privateKey().getEncoded()));

        var run = CommandLineRun.of("--port 0 --history memory --tls-cert " + certificate + " --tls-key " + key);

        assertRefused(run, "--tls-cert, --tls-key: ", " are no certificate and its key: ", "(expected: PEM");
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder().encodeToString(content)
                + "\n-----END " + kind + "-----\n";
    }
}

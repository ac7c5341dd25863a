package io.duplexer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.Transport;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.ServerProcess;
import io.duplexer.e2e.support.SharedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command line says and how it ends. */
class CommandLineTest {
    @RegisterExtension
    static final SharedServer running = SharedServer.with();

    /** The flags of the documentation, by which people know the server. */
    private static final Stream<String> FLAGS = Stream.of(
            "--host",
            "--port",
            "--tls-cert",
            "--tls-key",
            "--tls-self-signed",
            "--allowed-origin",
            "--history",
            "--data",
            "--max-content-bytes",
            "--max-message-bytes",
            "--publish-rate",
            "--publish-burst",
            "--max-queued-bytes",
            "--max-connections",
            "--max-rooms",
            "--max-subscriptions",
            "--ping-interval",
            "--pong-timeout",
            "--grace-period",
            "--help",
            "--version");

    private static void assertWrong(ServerProcess.Exit exit, String... parts) {
        assertThat(exit.code()).isEqualTo(2);
        assertThat(exit.stdout()).isEmpty();
        assertThat(exit.stderr().lines()).hasSize(1);
        assertThat(exit.stderr()).startsWith("duplexer: ").contains(parts);
    }

    @Test
    void helpMentionsEveryFlagAndExitsWith0() {
        var exit = ServerProcess.run(Map.of(), "--help");

        assertThat(exit.code()).isZero();
        assertThat(exit.stderr()).isEmpty();
        assertThat(FLAGS).allSatisfy(flag -> assertThat(exit.stdout()).contains(flag));
        assertThat(exit.stdout()).contains("DUPLEXER_PORT").doesNotContain("null");
    }

    @Test
    void versionExitsWith0() {
        var exit = ServerProcess.run(Map.of(), "--version");

        assertThat(exit.code()).isZero();
        assertThat(exit.stdout()).startsWith("duplexer ");
    }

    @ParameterizedTest
    @CsvSource({
        "--prot=8080, --prot",
        "--port=65536, --port",
        "--max-content-bytes=64KB, --max-content-bytes",
        "--ping-interval=25, --ping-interval",
        "--allowed-origin=app.example, --allowed-origin",
        "--host=nowhere.invalid, --host",
        "stray, stray"
    })
    void aWrongFlagIsOneLineThatNamesItAndExitCode2(String flag, String named) {
        assertWrong(ServerProcess.run(Map.of(), flag), named);
    }

    @Test
    void aWrongEnvironmentVariableIsNamed() {
        assertWrong(ServerProcess.run(Map.of("DUPLEXER_MAX_ROOMS", "many")), "DUPLEXER_MAX_ROOMS", "many");
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentWhichWinsOverTheDefault() {
        var exit = ServerProcess.run(Map.of("DUPLEXER_PORT", "-1", "DUPLEXER_HOST", "nowhere.invalid"), "--port", "0");

        assertWrong(exit, "--host", "nowhere.invalid");
    }

    @Test
    void aBusyPortIsNamed() {
        var port = String.valueOf(running.port());

        assertWrong(ServerProcess.run(Map.of(), "--port", port), "--port", ":" + port, "in use");
    }

    @Test
    void aCertificateThatCannotBeReadIsNamed(@TempDir Path directory) {
        var missing = directory.resolve("missing.pem").toString();

        assertWrong(
                ServerProcess.run(Map.of(), "--port=0", "--tls-cert", missing, "--tls-key", missing),
                "--tls-cert: " + missing);
    }

    @Test
    void aCertificateThatIsNoneIsNamed(@TempDir Path directory) throws IOException {
        var garbage = Files.writeString(directory.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\nhello\n")
                .toString();

        assertWrong(
                ServerProcess.run(Map.of(), "--port=0", "--tls-cert", garbage, "--tls-key", garbage),
                "--tls-cert",
                garbage);
    }

    @Test
    void aCertificateWithoutItsKeyIsNamed(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("some.pem"), "").toString();

        assertWrong(ServerProcess.run(Map.of(), "--tls-cert", file), "--tls-key: missing");
    }

    @Test
    void aSecondServerOnTheSameDataIsRefusedAndTheFirstGoesOn(@TempDir Path data) {
        try (var first = ServerProcess.start("--data", data.toString());
                var client = Transport.JSON.connect(first)) {
            assertWrong(
                    ServerProcess.run(Map.of(), "--port=0", "--data", data.toString()),
                    "--data: " + data + " is in use by another server");

            var line = Message.newBuilder().setUserId("ann").setContent("still here");
            assertThat(Patience.await(client.publish(line.build())).getSuccess())
                    .isTrue();
        }
    }

    @Test
    void aFileThatIsNoHistoryIsNamedAndLeftAsItIs(@TempDir Path data) throws IOException {
        var file = Files.writeString(data.resolve("history.db"), "letters to the editor");

        assertWrong(
                ServerProcess.run(Map.of(), "--port=0", "--data", data.toString()),
                "--data: " + file + " is no history that can be used");
        assertThat(file).hasContent("letters to the editor");
    }

    @Test
    void aHistoryWithADamagedPageIsNamed(@TempDir Path data) throws IOException {
        try (var server = ServerProcess.start("--data", data.toString())) {
            server.stop();
        }
        var file = data.resolve("history.db");
        var bytes = Files.readAllBytes(file);
        // All of the file but its header.
        Arrays.fill(bytes, 100, bytes.length, (byte) 'x');
        Files.write(file, bytes);

        assertWrong(
                ServerProcess.run(Map.of(), "--port=0", "--data", data.toString()),
                "--data: " + file + " is no history that can be used: damaged");
    }
}

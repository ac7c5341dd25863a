package io.duplexer.e2e.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.TlsKeyPair;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.Program;
import io.duplexer.e2e.support.ServerProcess;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server on grpc-java that speaks TLS and wants to see a certificate, by the name of its host. */
final class SecureUpstreamTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // Set before any test.
    static Path files;

    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static Program service;

    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static String upstream;

    @BeforeAll
    static void start() throws Exception {
        write("server", TlsKeyPair.ofSelfSigned("localhost"));
        write("gateway", TlsKeyPair.ofSelfSigned("gateway"));
        service =
                Program.java(ArticleServer.class, "1000", file("server.crt"), file("server.key"), file("gateway.crt"));
        upstream = "localhost:" + service.next().get("port").asInt();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void write(String name, TlsKeyPair pair) throws Exception {
        writePem(name + ".crt", "CERTIFICATE", pair.certificateChain().get(0).getEncoded());
        writePem(name + ".key", "PRIVATE KEY", pair.privateKey().getEncoded());
    }

    private static void writePem(String name, String type, byte[] der) throws IOException {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(der);
        Files.writeString(
                files.resolve(name),
                "-----BEGIN " + type + "-----\n" + new String(text, US_ASCII) + "\n-----END " + type + "-----\n");
    }

    private static String file(String name) {
        return files.resolve(name).toString();
    }

    private static ServerProcess gateway(String... tls) {
        var flags = new ArrayList<>(List.of("gateway", "--upstream", upstream, "--connect-timeout", "500ms"));
        flags.addAll(List.of(tls));
        return ServerProcess.start(flags.toArray(String[]::new));
    }

    private static Message hello() {
        return Message.newBuilder().setUserId("ann").setContent("hello").build();
    }

    @Test
    void bothShowTheirCertificates() {
        try (var gateway = gateway(
                        "--upstream-ca",
                        file("server.crt"),
                        "--upstream-cert",
                        file("gateway.crt"),
                        "--upstream-key",
                        file("gateway.key"));
                var client = new GrpcWebClient(gateway.uri(), "application/grpc-web+proto")) {
            assertThat(Patience.await(client.publish(hello())).getSuccess()).isTrue();
            gateway.assertNoErrors();
        }
    }

    @Test
    void withoutACertificateOfItsOwnTheGatewayIsNotServed() {
        assertUnavailable("--upstream-ca", file("server.crt"));
    }

    @Test
    void aServerThatIsNotTrustedIsNotCalled() {
        assertUnavailable(
                "--upstream-ca",
                file("gateway.crt"),
                "--upstream-cert",
                file("gateway.crt"),
                "--upstream-key",
                file("gateway.key"));
    }

    private static void assertUnavailable(String... tls) {
        try (var gateway = gateway(tls);
                var client = new GrpcWebClient(gateway.uri(), "application/grpc-web+proto")) {
            var refused = Refused.by(client.publish(hello()));
            assertThat(refused.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(refused.reason()).startsWith("upstream " + upstream + ": ");
            gateway.assertNoErrors();
        }
    }
}

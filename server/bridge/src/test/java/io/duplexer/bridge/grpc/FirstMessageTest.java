package io.duplexer.bridge.grpc;

import static com.linecorp.armeria.common.SessionProtocol.H1C;
import static com.linecorp.armeria.common.SessionProtocol.H2C;
import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.SessionProtocol;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call whose headers are missing, late or wrong ends with a status, and never reaches the service. */
@Timeout(30)
final class FirstMessageTest {
    private static final int MAX_BYTES = 8192;

    private static final PlayedService service = new PlayedService();
    private static GrpcServer server;

    @BeforeAll
    static void start() {
        server = GrpcServer.of(service);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void nothingReachedTheService() {
        assertThat(service.isIdle()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void missingHeadersEndTheCallInTime(SessionProtocol protocol) throws Exception {
        GrpcWebSocket impatient = GrpcWebSocket.builder().handshakeTimeout(Duration.ofMillis(50));
        try (GrpcServer impatientServer = GrpcServer.of(service, delegate -> delegate, impatient);
                GrpcSocket socket = impatientServer.open(protocol, BIDI_STREAMING)) {
            assertThat(socket.expectStatus(4).header("grpc-message"))
                    .isEqualTo("headers: none in 50 ms (expected: as the first message)");
        }
    }

    @Test
    void headersInTimeStopTheClock() throws Exception {
        GrpcWebSocket impatient = GrpcWebSocket.builder().handshakeTimeout(Duration.ofMillis(500));
        try (GrpcServer impatientServer = GrpcServer.of(service, delegate -> delegate, impatient);
                GrpcSocket prompt = impatientServer.open(H1C, BIDI_STREAMING)) {
            prompt.send(Blocks.HEADERS);
            PlayedService.PlayedCall call = service.next();
            try (GrpcSocket late = impatientServer.open(H1C, BIDI_STREAMING)) {
                late.expectStatus(4); // Opened later: the time of the first one is over, too.
            }
            call.close(Status.OK);
            prompt.expectStatus(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void headersAtTheLimitAreTakenAndAboveItRefused(SessionProtocol protocol) throws Exception {
        String filler = "a: " + "x".repeat(MAX_BYTES - Blocks.HEADERS.length - "a: \r\n".length());
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            byte[] atLimit = Blocks.headersAnd(filler);
            assertThat(atLimit).hasSize(MAX_BYTES);
            socket.send(atLimit);
            service.next().close(Status.OK);
            socket.expectStatus(0);
        }
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.headersAnd(filler + "x"));
            assertThat(socket.expectStatus(8).header("grpc-message"))
                    .isEqualTo("headers: 8193 bytes (expected: at most 8192)");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0001",
                "\u0000\u0000\u0000\u0000\u0000",
                "no colon\r\n",
                ": no name\r\n",
                "x-grpc-web: 1\r\n",
                "content-type: application/grpc\r\n",
                "content-type: application/grpc-web-text\r\n",
                "content-type: application/grpc-web+proto\r\na-bin: ?\r\n"
            })
    void malformedHeadersAreRefusedWithTheReason(String headers) throws Exception {
        try (GrpcSocket socket = server.open(H1C, BIDI_STREAMING)) {
            socket.send(Blocks.latin1(headers));
            assertThat(socket.expectStatus(3).header("grpc-message")).matches("(headers|content-type): .*");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void headersAsTextAreRefused(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.sendText("content-type: application/grpc-web+proto\r\n");
            socket.expectStatus(3);
        }
    }

    @Test
    void whatFollowsRefusedHeadersIsDropped() throws Exception {
        try (GrpcSocket socket = server.open(H2C, BIDI_STREAMING)) {
            socket.send(new byte[0]).send(Blocks.HEADERS).sendText("x").halfClose();
            socket.expectStatus(3);
        }
    }

    @Test
    void aTimeoutMustBePositive() {
        assertThatThrownBy(() -> GrpcWebSocket.builder().handshakeTimeout(Duration.ZERO))
                .hasMessage("timeout: PT0S (expected: > 0)");
    }
}

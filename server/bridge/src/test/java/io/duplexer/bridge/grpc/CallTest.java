package io.duplexer.bridge.grpc;

import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.UNARY;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import io.duplexer.bridge.grpc.Blocks.Block;
import io.duplexer.bridge.grpc.PlayedService.PlayedCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All four kinds of call, with metadata and every kind of status, over every kind of connection. */
@Timeout(30)
final class CallTest {
    private static final Metadata.Key<String> PLAIN = Metadata.Key.of("x-plain", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> BINARY = Metadata.Key.of("x-binary-bin", Metadata.BINARY_BYTE_MARSHALLER);

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

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C", "H1", "H2"})
    void aUnaryCallIsAnswered(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, UNARY)) {
            socket.send(Blocks.HEADERS).send(Blocks.data("ping")).halfClose();
            PlayedCall call = service.next().request(2);
            assertThat(call.next()).isEqualTo("ping");
            assertThat(call.next()).isEqualTo(PlayedCall.HALF_CLOSE);
            call.sendHeaders(new Metadata()).send("pong").close(Status.OK);
            assertThat(socket.nextHeaders().header("content-type")).startsWith("application/grpc-web");
            assertThat(socket.nextMessage()).isEqualTo("pong");
            socket.expectStatus(0);
            assertThat(call.next()).isEqualTo(PlayedCall.COMPLETE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aServerStreamArrivesMessageByMessage(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, SERVER_STREAMING)) {
            socket.send(Blocks.HEADERS).send(Blocks.data("all")).halfClose();
            PlayedCall call = service.next().request(2).sendHeaders(new Metadata());
            call.send("one");
            socket.nextHeaders();
            assertThat(socket.nextMessage()).isEqualTo("one");
            call.send("two").send("");
            assertThat(socket.nextMessage()).isEqualTo("two");
            assertThat(socket.nextMessage()).isEmpty();
            call.close(Status.OK);
            socket.expectStatus(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aClientStreamEndsWithItsHalfCloseOnly(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, CLIENT_STREAMING)) {
            socket.send(Blocks.HEADERS).send(Blocks.data("one"));
            PlayedCall call = service.next().request(10);
            assertThat(call.next()).isEqualTo("one");
            socket.send(Blocks.data("")).send(Blocks.data("three"));
            assertThat(call.next()).isEmpty();
            assertThat(call.next()).isEqualTo("three");
            assertThat(call.pending()).isZero();
            socket.halfClose();
            assertThat(call.next()).isEqualTo(PlayedCall.HALF_CLOSE);
            call.sendHeaders(new Metadata()).send("3").close(Status.OK);
            socket.nextHeaders();
            assertThat(socket.nextMessage()).isEqualTo("3");
            socket.expectStatus(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aConversationGoesBothWaysAtOnce(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            PlayedCall call = service.next().request(100).sendHeaders(new Metadata());
            for (int i = 0; i < 10; i++) {
                socket.send(Blocks.data("ping " + i));
                assertThat(call.next()).isEqualTo("ping " + i);
                call.send("pong " + i);
                if (i == 0) {
                    socket.nextHeaders();
                }
                assertThat(socket.nextMessage()).isEqualTo("pong " + i);
            }
            socket.halfClose();
            assertThat(call.next()).isEqualTo(PlayedCall.HALF_CLOSE);
            call.send("after the half-close").close(Status.OK);
            assertThat(socket.nextMessage()).isEqualTo("after the half-close");
            socket.expectStatus(0);
            assertThat(call.next()).isEqualTo(PlayedCall.COMPLETE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void theServiceMayEndACallThatIsNotHalfClosed(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS).send(Blocks.data("one"));
            PlayedCall call = service.next().request(1);
            assertThat(call.next()).isEqualTo("one");
            call.close(Status.OK);
            socket.expectStatus(0);
            assertThat(call.next()).isEqualTo(PlayedCall.COMPLETE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void framesMayBeSplitAndJoinedAtWill(SessionProtocol protocol) throws Exception {
        byte[] frames = Blocks.concat(
                Blocks.frame("one".getBytes(StandardCharsets.UTF_8)),
                Blocks.frame(new byte[0]),
                Blocks.frame("three".getBytes(StandardCharsets.UTF_8)));
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            for (byte single : frames) {
                socket.send(new byte[] {0, single});
            }
            socket.send(new byte[] {0})
                    .send(Blocks.concat(new byte[] {0}, frames))
                    .halfClose();
            PlayedCall call = service.next().request(10);
            for (String expected : List.of("one", "", "three", "one", "", "three", PlayedCall.HALF_CLOSE)) {
                assertThat(call.next()).isEqualTo(expected);
            }
            call.close(Status.OK);
            socket.expectStatus(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void metadataOfTheRequestArrivesWithAllItsValues(SessionProtocol protocol) throws Exception {
        byte[] bytes = {0, (byte) 0xff, 10, 13};
        String base64 = Base64.getEncoder().encodeToString(bytes);
        String unpadded = Base64.getEncoder().withoutPadding().encodeToString(new byte[] {7});
        HttpHeaders upgrade = HttpHeaders.of("cookie", "a=b; c=d", "authorization", "Basic eA==", "x-plain", "lost");
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING, upgrade)) {
            socket.send(Blocks.headersAnd("X-Plain: one, two", "x-binary-bin: " + base64 + ", " + unpadded));
            PlayedCall call = service.next();
            assertThat(call.headers.getAll(PLAIN)).containsExactly("one, two");
            assertThat(call.headers.getAll(BINARY)).containsExactly(bytes, new byte[] {7});
            assertThat(header(call, "cookie")).isEqualTo("a=b; c=d");
            assertThat(header(call, "authorization")).isEqualTo("Basic eA==");
            assertThat(header(call, "sec-websocket-protocol")).isNull();
            assertThat(header(call, "upgrade")).isNull();
            call.close(Status.OK);
        }
    }

    private static String header(PlayedCall call, String name) {
        return call.headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void metadataOfTheResponseArrivesWithAllItsValues(SessionProtocol protocol) throws Exception {
        Metadata headers = new Metadata();
        headers.put(PLAIN, "h1");
        headers.put(PLAIN, "h2");
        headers.put(BINARY, new byte[] {1, 2});
        Metadata trailers = new Metadata();
        trailers.put(PLAIN, "t1");
        trailers.put(PLAIN, "t2");
        trailers.put(BINARY, new byte[] {3});
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            PlayedCall call = service.next().sendHeaders(headers).send("message");
            call.call.close(Status.OK, trailers);
            Block first = socket.nextHeaders();
            assertThat(first.headers().get("x-plain")).containsExactly("h1", "h2");
            assertThat(Base64.getDecoder().decode(first.header("x-binary-bin"))).containsExactly(1, 2);
            assertThat(first.headers()).doesNotContainKey("grpc-status");
            socket.nextMessage();
            Block last = socket.expectStatus(0);
            assertThat(last.headers().get("x-plain")).containsExactly("t1", "t2");
            assertThat(Base64.getDecoder().decode(last.header("x-binary-bin"))).containsExactly(3);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aFailureBeforeAnyMessageIsOneBlock(SessionProtocol protocol) throws Exception {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {8, 5});
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            service.next().call.close(Status.NOT_FOUND.withDescription("no such room: 100 % größer\n"), trailers);
            Block only = socket.expectStatus(5);
            assertThat(only.header("grpc-message")).isEqualTo("no such room: 100 %25 gr%C3%B6%C3%9Fer%0A");
            assertThat(Base64.getDecoder().decode(only.header("grpc-status-details-bin")))
                    .containsExactly(8, 5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aFailureAfterMessagesIsToldInTrailersAndClosesNormally(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            service.next().sendHeaders(new Metadata()).send("one").close(Status.DATA_LOSS);
            socket.nextHeaders();
            assertThat(socket.nextMessage()).isEqualTo("one");
            socket.expectStatus(15);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void messagesAreNeverCompressedWhateverTheClientAccepts(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING, HttpHeaders.of("accept-encoding", "gzip"))) {
            socket.send(Blocks.headersAnd("grpc-accept-encoding: gzip"));
            PlayedCall call = service.next();
            call.call.setCompression("gzip");
            call.call.setMessageCompression(true);
            call.sendHeaders(new Metadata()).send("x".repeat(1000)).close(Status.OK);
            socket.nextHeaders();
            Block message = socket.next();
            assertThat(message.flags()).isZero();
            assertThat(message.text()).hasSize(1000);
            assertThat(socket.nextHeaders().flags()).isEqualTo(0x80);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aLargeMessageComesThroughBothWays(SessionProtocol protocol) throws Exception {
        String large = "x".repeat(1024 * 1024);
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS).send(Blocks.data(large));
            PlayedCall call = service.next().request(1);
            assertThat(call.next()).isEqualTo(large);
            call.sendHeaders(new Metadata()).send(large + large).close(Status.OK);
            socket.nextHeaders();
            assertThat(socket.nextMessage()).isEqualTo(large + large);
            socket.expectStatus(0);
        }
    }
}

package io.duplexer.bridge.grpc;

import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.UNARY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import io.duplexer.bridge.grpc.AnyCall.Form;
import io.duplexer.bridge.grpc.Blocks.Block;
import io.duplexer.bridge.grpc.PlayedService.PlayedCall;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Armeria's service does otherwise than gRPC has it is mended on every transport. */
@Timeout(30)
final class StrictGrpcTest {
    private static final int MAX_REQUEST_BYTES = 64 * 1024;
    private static final byte[] ONE = Blocks.frame("one".getBytes(UTF_8));
    private static final Metadata.Key<String> TEXT = Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> BYTES = Metadata.Key.of("x-bytes-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final PlayedService service = new PlayedService();
    private static GrpcServer server;

    @BeforeAll
    static void start() {
        server = serve(service, builder -> {}, StrictGrpc.newDecorator(MAX_REQUEST_BYTES));
    }

    private static GrpcServer serve(
            PlayedService played,
            Consumer<GrpcServiceBuilder> customizer,
            Function<? super HttpService, HttpService> decorator) {
        var grpc = GrpcService.builder()
                .addService(played.definition())
                .useMethodMarshaller(true)
                .intercept(StrictGrpc.interceptor())
                .exceptionHandler(StrictGrpc.exceptionHandler());
        customizer.accept(grpc);
        return GrpcServer.of(builder -> builder.requestTimeoutMillis(0)
                .maxRequestLength(0)
                .service(grpc.build(), decorator, GrpcWebSocket.newDecorator()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> formsAndTypes() {
        return Stream.of(Form.values())
                .flatMap(form -> Stream.of(UNARY, CLIENT_STREAMING, MethodType.SERVER_STREAMING, BIDI_STREAMING)
                        .map(type -> Arguments.of(form, type)));
    }

    private static AnyCall open(Form form, MethodType type, String... headers) {
        return AnyCall.open(form, server, PlayedService.path(type), headers);
    }

    private static Metadata metadata(String text) {
        var metadata = new Metadata();
        metadata.put(TEXT, text);
        metadata.put(BYTES, new byte[] {0, -1});
        return metadata;
    }

    private static void assertMetadata(Block block, String text) {
        assertThat(block.headers().get("x-text")).containsExactly(text);
        assertThat(block.headers().get("x-bytes-bin")).containsExactly("AP8");
    }

    @ParameterizedTest
    @MethodSource("formsAndTypes")
    void headersGoWhenTheHandlerSendsThem(Form form, MethodType type) throws Exception {
        if (type == UNARY && form != Form.WEB_SOCKET) {
            return; // Armeria writes the response of a unary call as a whole.
        }
        try (var call = open(form, type).send(ONE)) {
            if (type == UNARY || type == MethodType.SERVER_STREAMING) {
                call.halfClose(); // Only then does Armeria call the handler.
            }
            var handler = service.next();
            handler.request(1);
            handler.sendHeaders(metadata("early"));
            var headers = call.nextHeaders();
            assertMetadata(headers, "early");
            assertThat(headers.header("content-type")).startsWith("application/grpc");
            assertThat(headers.header("grpc-encoding")).isEqualTo("identity");

            handler.send("first");
            if (type == UNARY || type == CLIENT_STREAMING) {
                handler.close(Status.OK);
                assertThat(call.nextMessage()).isEqualTo("first");
            } else {
                assertThat(call.nextMessage()).isEqualTo("first");
                handler.send("second");
                assertThat(call.nextMessage()).isEqualTo("second");
                handler.close(Status.OK);
            }
            call.expectStatus(0);
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTypes")
    void headersBeforeAnEarlyErrorAreHeadersAndTheErrorIsTrailers(Form form, MethodType type) throws Exception {
        try (var call = open(form, type).send(ONE).halfClose()) {
            var handler = service.next();
            handler.run(() -> {
                handler.sendHeaders(metadata("header"));
                handler.call.close(Status.NOT_FOUND.withDescription("not here"), metadata("trailer"));
            });
            assertMetadata(call.nextHeaders(), "header");
            var trailers = call.expectStatus(5);
            assertMetadata(trailers, "trailer");
            assertThat(trailers.header("grpc-message")).isEqualTo("not here");
            assertThat(trailers.headers()).doesNotContainKeys("content-type", "grpc-encoding");
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void anErrorAfterHeadersThatAreOutIsTrailers(Form form) throws Exception {
        try (var call = open(form, BIDI_STREAMING)) {
            var handler = service.next();
            handler.sendHeaders(metadata("header"));
            call.nextHeaders();
            handler.call.close(Status.NOT_FOUND, metadata("trailer"));
            assertMetadata(call.expectStatus(5), "trailer");
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void withoutHeadersAnErrorIsOneBlock(Form form) throws Exception {
        try (var call = open(form, BIDI_STREAMING)) {
            service.next().close(Status.NOT_FOUND);
            assertThat(call.expectStatus(5).header("content-type")).startsWith("application/grpc");
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aHandlerThatFailsAfterItsHeadersEndsTheCall(Form form) throws Exception {
        try (var call = open(form, BIDI_STREAMING)) {
            var handler = service.next();
            handler.sendHeaders(metadata("header"));
            call.nextHeaders();
            handler.whenReady(() -> {
                throw new IllegalStateException("a fault");
            });
            handler.send("first");
            assertThat(call.nextMessage()).isEqualTo("first");
            call.expectStatus(2);
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTypes")
    void exactlyOneRequestWhereOneIsExpected(Form form, MethodType type) throws Exception {
        if (type == CLIENT_STREAMING || type == BIDI_STREAMING) {
            return;
        }
        try (var none = open(form, type).halfClose()) {
            var handler = service.next().request(2);
            assertThat(none.expectStatus(12).header("grpc-message"))
                    .isEqualTo("request: no message (expected: exactly one)");
            assertThat(handler.next()).isIn(PlayedCall.COMPLETE, PlayedCall.CANCEL);
        }
        try (var two = open(form, type).send(ONE).send(ONE).halfClose()) {
            var handler = service.next().request(2);
            assertThat(two.expectStatus(12).header("grpc-message"))
                    .isEqualTo("request: more than one message (expected: exactly one)");
            var event = handler.next();
            if (event.equals("one")) {
                event = handler.next(); // The second was not there yet.
            }
            assertThat(event).isIn(PlayedCall.COMPLETE, PlayedCall.CANCEL);
        }
        try (var one = open(form, type).send(ONE).halfClose()) {
            var handler = service.next().request(2);
            assertThat(handler.next()).isEqualTo("one");
            assertThat(handler.next()).isEqualTo(PlayedCall.HALF_CLOSE);
            handler.sendHeaders(new Metadata()).send("answer").close(Status.OK);
            one.nextHeaders();
            assertThat(one.nextMessage()).isEqualTo("answer");
            one.expectStatus(0);
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTypes")
    void whatIsReadAsAWholeIsReadUpToTheLimit(Form form, MethodType type) throws Exception {
        var frameBytes = form == Form.WEB_TEXT ? MAX_REQUEST_BYTES / 4 * 3 : MAX_REQUEST_BYTES;
        var longest = Blocks.frame(new byte[frameBytes - 5]);
        try (var call = open(form, type).send(longest).halfClose()) {
            var handler = service.next().request(1);
            assertThat(handler.next()).hasSize(frameBytes - 5);
            handler.close(Status.NOT_FOUND);
            call.expectStatus(5);
        }
        // Without its end: it is refused before that.
        try (var call = open(form, type).send(Arrays.copyOf(longest, frameBytes + 1))) {
            if (type == CLIENT_STREAMING || type == BIDI_STREAMING) {
                assertThat(service.next().request(1).next()).hasSize(frameBytes - 5);
                return; // As long as it likes.
            }
            assertThat(call.expectStatus(8).header("grpc-message"))
                    .isEqualTo("request: longer than the service allows");
            assertThat(service.next().next()).isIn(PlayedCall.COMPLETE, PlayedCall.CANCEL);
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTypes")
    void aRequestThatIsCutShortIsNoHalfClose(Form form, MethodType type) throws Exception {
        for (var cut : List.of(new byte[] {0, 0, 0}, new byte[] {0, 0, 0, 0, 3, 'o'})) {
            try (var call = open(form, type).send(cut).halfClose()) {
                var handler = service.next().request(1);
                assertThat(call.expectStatus(3).header("grpc-message"))
                        .startsWith("request: a message that is cut short");
                assertThat(handler.next()).isIn(PlayedCall.COMPLETE, PlayedCall.CANCEL);
            }
        }
        if (type == CLIENT_STREAMING || type == BIDI_STREAMING) {
            try (var call = open(form, type).send(ONE).send(new byte[] {0}).halfClose()) {
                service.next().request(2);
                call.expectStatus(3);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTypes")
    void aFrameOfTrailersIsNoMessage(Form form, MethodType type) throws Exception {
        try (var call =
                open(form, type).send(new byte[] {(byte) 0x80, 0, 0, 0, 0}).halfClose()) {
            var handler = service.next().request(1);
            assertThat(call.expectStatus(3).header("grpc-message"))
                    .isEqualTo("request: a frame of trailers (expected: messages)");
            assertThat(handler.next()).isIn(PlayedCall.COMPLETE, PlayedCall.CANCEL);
        }
    }

    @Test
    void oneRequestOfTextMayBeEncodedInParts() throws Exception {
        try (var call = open(Form.WEB_TEXT, UNARY)
                .send(Blocks.concat(new byte[] {0, 0, 0, 0, 3}))
                .send("one".getBytes(UTF_8))
                .halfClose()) {
            var handler = service.next();
            assertThat(handler.next()).isEqualTo("one");
            handler.sendHeaders(new Metadata()).send("answer").close(Status.OK);
            call.nextHeaders();
            assertThat(call.nextMessage()).isEqualTo("answer");
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTypes")
    void anUnknownEncodingIsUnimplementedAndTheAnswerNamesTheKnown(Form form, MethodType type) throws Exception {
        try (var call = open(form, type, "grpc-encoding: br").send(ONE).halfClose()) {
            var trailers = call.expectStatus(12);
            assertThat(trailers.header("grpc-message")).startsWith("grpc-encoding: br (expected: identity");
            assertAnnounced(form, trailers, "gzip");
        }
        for (var known : List.of("identity", "gzip")) {
            try (var call =
                    open(form, type, "grpc-encoding: " + known).send(ONE).halfClose()) {
                service.next().close(Status.NOT_FOUND);
                call.expectStatus(5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void theDecompressorsOfAServiceAreTakenAndAnnounced(Form form) throws Exception {
        var decompressors = DecompressorRegistry.emptyInstance().with(new Inverted(), true);
        var inverting = new PlayedService();
        var inverted = Blocks.frame(inverted("one".getBytes(UTF_8)));
        inverted[0] = 1;
        try (var more = serve(
                inverting,
                builder -> builder.decompressorRegistry(decompressors),
                StrictGrpc.newDecorator(MAX_REQUEST_BYTES, decompressors))) {
            var path = PlayedService.path(BIDI_STREAMING);
            try (var call = AnyCall.open(form, more, path, "grpc-encoding: inverted")
                    .send(inverted)
                    .halfClose()) {
                var handler = inverting.next().request(1);
                assertThat(handler.next()).isEqualTo("one");
                handler.sendHeaders(new Metadata());
                assertAnnounced(form, call.nextHeaders(), "inverted");
                handler.close(Status.OK);
                call.expectStatus(0);
            }
            try (var call = AnyCall.open(form, more, path, "grpc-encoding: identity")
                    .send(ONE)
                    .halfClose()) {
                var handler = inverting.next().request(1);
                assertThat(handler.next()).isEqualTo("one");
                handler.close(Status.NOT_FOUND);
                call.expectStatus(5);
            }
            try (var call = AnyCall.open(form, more, path, "grpc-encoding: gzip")
                    .send(ONE)
                    .halfClose()) {
                assertAnnounced(form, call.expectStatus(12), "inverted");
            }
        }
    }

    /** Over WebSocket it would be of no use: its clients cannot compress. */
    private static void assertAnnounced(Form form, Block headers, String encodings) {
        if (form != Form.WEB_SOCKET) {
            assertThat(headers.header("grpc-accept-encoding")).isEqualTo(encodings);
        }
    }

    private static byte[] inverted(byte[] bytes) {
        var result = new byte[bytes.length];
        for (var i = 0; i < bytes.length; i++) {
            result[i] = (byte) ~bytes[i];
        }
        return result;
    }

    /** Known to nobody who was not given it. */
    private static final class Inverted implements Decompressor {
        @Override
        public String getMessageEncoding() {
            return "inverted";
        }

        @Override
        public InputStream decompress(InputStream in) throws IOException {
            try (in) {
                return new ByteArrayInputStream(inverted(in.readAllBytes()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTypes")
    void aTimeoutOfZeroHasPassedAlready(Form form, MethodType type) throws Exception {
        for (var timeout : List.of("0n", "0S", "00000000H")) {
            try (var call =
                    open(form, type, "grpc-timeout: " + timeout).send(ONE).halfClose()) {
                call.expectStatus(4);
            }
        }
        assertThat(service.isIdle()).isTrue();
        try (var call = open(form, type, "grpc-timeout: 50m").send(ONE).halfClose()) {
            var handler = service.next();
            assertThat(call.expectStatus(4).header("grpc-message")).isEqualTo("the deadline of the call has passed");
            assertThat(handler.context.isTimedOut()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NATIVE", "WEB"})
    void messagesBehindEarlyHeadersAreCompressedOnlyIfTheHandlerHasChosenHow(Form form) throws Exception {
        var automatic = new PlayedService();
        try (var compressing = serve(automatic, builder -> builder.autoCompression(true), StrictGrpc.newDecorator())) {
            var path = PlayedService.path(BIDI_STREAMING);
            try (var call = AnyCall.open(form, compressing, path, "grpc-accept-encoding: gzip")) {
                var handler = automatic.next();
                handler.sendHeaders(new Metadata());
                assertThat(call.nextHeaders().header("grpc-encoding")).isEqualTo("identity");
                handler.send("plain").close(Status.OK);
                var message = call.next();
                assertThat(message.flags()).isZero();
                assertThat(message.text()).isEqualTo("plain");
            }
            try (var call = AnyCall.open(form, compressing, path, "grpc-accept-encoding: deflate, gzip")) {
                var handler = automatic.next();
                handler.call.setCompression("gzip");
                handler.sendHeaders(new Metadata());
                assertThat(call.nextHeaders().header("grpc-encoding")).isEqualTo("gzip");
                handler.send("packed").close(Status.OK);
                assertThat(call.next().flags()).isOne();
            }
            try (var call = AnyCall.open(form, compressing, path, "grpc-accept-encoding: gzip")) {
                var handler = automatic.next();
                handler.run(() -> handler.sendHeaders(new Metadata()).send("packed"));
                assertThat(call.nextHeaders().header("grpc-encoding")).isEqualTo("gzip");
                assertThat(call.next().flags()).isOne();
            }
            try (var call = AnyCall.open(form, compressing, path)) {
                var handler = automatic.next();
                handler.call.setCompression("gzip");
                handler.sendHeaders(new Metadata());
                assertThat(call.nextHeaders().header("grpc-encoding")).isEqualTo("identity");
                handler.send("plain").close(Status.OK);
                assertThat(call.next().flags()).isZero();
            }
        }
    }

    @Test
    void aLimitMustBePositive() {
        assertThatThrownBy(() -> StrictGrpc.newDecorator(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxRequestBytes: 0 (expected: > 0)");
    }

    @Test
    void onlyAGrpcServiceCanBeDecorated() {
        HttpService other = (ctx, request) -> HttpResponse.of(HttpStatus.OK);
        assertThatThrownBy(() -> StrictGrpc.newDecorator().apply(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(expected: a GrpcService)");
    }

    @Test
    void theInterceptorAloneChangesNothing() throws Exception {
        var alone = new PlayedService();
        try (var without = GrpcServer.of(builder -> builder.service(GrpcService.builder()
                        .addService(alone.definition())
                        .useMethodMarshaller(true)
                        .intercept(StrictGrpc.interceptor())
                        .build()));
                var call = AnyCall.open(Form.NATIVE, without, PlayedService.path(BIDI_STREAMING))) {
            alone.next().sendHeaders(metadata("header")).send("answer").close(Status.OK);
            assertMetadata(call.nextHeaders(), "header");
            assertThat(call.nextMessage()).isEqualTo("answer");
            call.expectStatus(0);
        }
    }
}

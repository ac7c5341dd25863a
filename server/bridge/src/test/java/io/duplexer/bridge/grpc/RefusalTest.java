package io.duplexer.bridge.grpc;

import static com.linecorp.armeria.common.SessionProtocol.H1C;
import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.BlockingWebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.common.stream.CancelledSubscriptionException;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServiceOptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.duplexer.bridge.grpc.Blocks.Block;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a service or its decorators answer, the client gets a status in trailers and a normal close. */
@Timeout(30)
final class RefusalTest {
    private static final ResponseHeaders GRPC_WEB =
            ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc-web+proto");

    private static GrpcServer serving(HttpService delegate) {
        return GrpcServer.of(delegate, GrpcWebSocket.builder());
    }

    private static GrpcSocket call(GrpcServer server, SessionProtocol protocol) {
        return server.open(protocol, BIDI_STREAMING).send(Blocks.HEADERS);
    }

    private static void expect(HttpService delegate, int status, String message) throws Exception {
        try (GrpcServer server = serving(delegate);
                GrpcSocket socket = call(server, H1C)) {
            Block trailers = socket.expectStatus(status);
            assertThat(trailers.header("grpc-message")).isEqualTo(message);
        }
    }

    private static void expect(HttpResponse response, int status, String message) throws Exception {
        expect((ctx, req) -> response, status, message);
    }

    @ParameterizedTest
    @CsvSource({"401, 16", "403, 7", "404, 12", "413, 8", "415, 3", "429, 14", "503, 14", "500, 2"})
    void anHttpStatusBecomesAGrpcStatus(int http, int grpc) throws Exception {
        HttpStatus status = HttpStatus.valueOf(http);
        String message = "the service answered with HTTP " + status;
        expect(HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, "no"), grpc, message);
        expect(
                (ctx, req) -> {
                    throw HttpStatusException.of(status);
                },
                grpc,
                message);
        expect(
                (ctx, req) -> {
                    throw HttpResponseException.of(HttpResponse.of(status));
                },
                grpc,
                message);
        expect(
                (ctx, req) -> HttpResponse.of(CompletableFuture.supplyAsync(() -> {
                    throw HttpStatusException.of(status);
                })),
                grpc,
                message);
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aDecoratorRefusesForTheServiceBehindIt(SessionProtocol protocol) throws Exception {
        PlayedService service = new PlayedService();
        try (GrpcServer server = GrpcServer.of(
                        service,
                        delegate -> delegate.decorate(
                                (next, ctx, req) -> req.headers().contains("authorization")
                                        ? next.serve(ctx, req)
                                        : HttpResponse.of(HttpStatus.UNAUTHORIZED)),
                        GrpcWebSocket.builder());
                GrpcSocket refused = call(server, protocol);
                GrpcSocket accepted = server.open(protocol, BIDI_STREAMING, HttpHeaders.of("authorization", "x"))) {
            refused.expectStatus(16);
            assertThat(service.isIdle()).isTrue();
            accepted.send(Blocks.HEADERS);
            service.next().close(Status.OK);
            accepted.expectStatus(0);
        }
    }

    @Test
    void aServiceThatThrowsIsUnknownAndTellsNothing() throws Exception {
        expect(
                (ctx, req) -> {
                    throw new IllegalStateException("secret");
                },
                2,
                "the service failed");
        expect(HttpResponse.ofFailure(new IllegalStateException("secret")), 2, "the service failed");
    }

    @Test
    void aFormatThatTheServiceDoesNotSpeakIsAnInvalidArgument() throws Exception {
        HttpService protoOnly = GrpcService.builder()
                .addService(new PlayedService().definition())
                .supportedSerializationFormats(GrpcSerializationFormats.PROTO_WEB)
                .useMethodMarshaller(true)
                .build();
        try (GrpcServer server = serving(protoOnly);
                GrpcSocket socket = server.open(H1C, BIDI_STREAMING)) {
            socket.send(Blocks.headers("content-type: application/grpc-web+json"));
            socket.expectStatus(3);
        }
    }

    @Test
    void anUnknownMethodIsUnimplemented() throws Exception {
        HttpService grpc = GrpcService.builder()
                .addService(new PlayedService().definition())
                .useMethodMarshaller(true)
                .build();
        try (GrpcServer server = serving(grpc);
                GrpcSocket socket = GrpcSocket.open(H1C, server.port(H1C), "/test.Played/Missing")) {
            socket.send(Blocks.HEADERS);
            socket.expectStatus(12);
        }
    }

    @Test
    void anAnswerThatIsNotGrpcWebIsUnknown() throws Exception {
        expect(
                HttpResponse.of(HttpStatus.OK, MediaType.HTML_UTF_8, "<p>Hello"),
                2,
                "the service answered with content-type text/html; charset=utf-8");
    }

    @Test
    void aStatusInTheHeadersCountsWhateverElseTheySay() throws Exception {
        expect(
                HttpResponse.of(ResponseHeaders.of(HttpStatus.FORBIDDEN, "grpc-status", "7", "grpc-message", "no")),
                7,
                "no");
    }

    @Test
    void anAnswerWithoutAStatusIsInternal() throws Exception {
        String message = "the service ended without a status";
        try (GrpcServer server = serving((ctx, req) -> HttpResponse.of(GRPC_WEB));
                GrpcSocket socket = call(server, H1C)) {
            socket.nextHeaders();
            assertThat(socket.expectStatus(13).header("grpc-message")).isEqualTo(message);
        }
        try (GrpcServer server = serving((ctx, req) -> HttpResponse.of(
                        GRPC_WEB, HttpData.wrap(Blocks.frame(new byte[3])), HttpHeaders.of("x-a", "1")));
                GrpcSocket socket = call(server, H1C)) {
            socket.nextHeaders();
            socket.nextMessage();
            assertThat(socket.expectStatus(13).header("grpc-message")).isEqualTo(message);
        }
    }

    @Test
    void trailersOfHttpAreAsGoodAsThoseInTheBody() throws Exception {
        try (GrpcServer server = serving((ctx, req) -> HttpResponse.of(
                        GRPC_WEB,
                        HttpData.wrap(Blocks.frame("one".getBytes(StandardCharsets.UTF_8))),
                        HttpHeaders.of("grpc-status", "5", "x-a", "1")));
                GrpcSocket socket = call(server, H1C)) {
            socket.nextHeaders();
            assertThat(socket.nextMessage()).isEqualTo("one");
            assertThat(socket.expectStatus(5).header("x-a")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void anAnswerThatEndsWithinAMessageIsClosedWith1011(SessionProtocol protocol) throws Exception {
        try (GrpcServer server =
                        serving((ctx, req) -> HttpResponse.of(GRPC_WEB, HttpData.wrap(new byte[] {0, 0, 0, 0, 9, 1})));
                GrpcSocket socket = call(server, protocol)) {
            socket.nextHeaders();
            assertThat(socket.expectCloseWithinBlock())
                    .isEqualTo(new GrpcSocket.Close(
                            1011, "in the middle of a message: the service ended without a status"));
        }
    }

    @Test
    void anAnswerThatStaysOpenAfterItsTrailersIsCancelled() throws Exception {
        HttpResponseWriter open = HttpResponse.streaming();
        open.write(GRPC_WEB);
        open.write(HttpData.wrap(
                Blocks.concat(new byte[] {(byte) 0x80, 0, 0, 0, 16}, Blocks.latin1("grpc-status: 0\r\n"))));
        try (GrpcServer server = serving((ctx, req) -> open);
                GrpcSocket socket = call(server, H1C)) {
            socket.nextHeaders();
            socket.expectStatus(0);
            assertThatThrownBy(() -> open.whenComplete().get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CancelledSubscriptionException.class);
        }
    }

    @Test
    void headersThatADecoratorAddsReachTheClient() throws Exception {
        HttpService service = (ctx, req) -> {
            ctx.addAdditionalResponseHeader("x-added", "1");
            return HttpResponse.of(GRPC_WEB, HttpData.empty(), HttpHeaders.of("grpc-status", "0"));
        };
        try (GrpcServer server = serving(service);
                GrpcSocket socket = call(server, H1C)) {
            assertThat(socket.nextHeaders().header("x-added")).isEqualTo("1");
            socket.expectStatus(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aRequestIsAsLongAsTheServiceAllows(SessionProtocol protocol) throws Exception {
        byte[] half = new byte[5];
        HttpService limited = new HttpService() {
            @Override
            public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) {
                return HttpResponse.of(req.aggregate()
                        .thenApply(all -> HttpResponse.of(
                                GRPC_WEB,
                                HttpData.wrap(Blocks.frame(all.content().array())),
                                HttpHeaders.of("grpc-status", "0"))));
            }

            @Override
            public ServiceOptions options() {
                return ServiceOptions.builder().maxRequestLength(10).build();
            }
        };
        try (GrpcServer server = serving(limited);
                GrpcSocket at = call(server, protocol);
                GrpcSocket above = call(server, protocol)) {
            at.send(Blocks.concat(new byte[1], half))
                    .send(Blocks.concat(new byte[1], half))
                    .halfClose();
            at.nextHeaders();
            assertThat(at.next().bytes()).hasSize(10);
            at.expectStatus(0);
            above.send(Blocks.concat(new byte[1], half)).send(Blocks.concat(new byte[1], half, new byte[1]));
            assertThat(above.expectStatus(8).header("grpc-message"))
                    .isEqualTo("request: longer than the service allows");
        }
    }

    @Test
    void plainRequestsGoToTheServiceAsBefore() {
        try (GrpcServer server = serving((ctx, req) -> HttpResponse.of(HttpStatus.GONE))) {
            assertThat(BlockingWebClient.of("http://127.0.0.1:" + server.port(H1C))
                            .get("/")
                            .status())
                    .isEqualTo(HttpStatus.GONE);
        }
    }
}

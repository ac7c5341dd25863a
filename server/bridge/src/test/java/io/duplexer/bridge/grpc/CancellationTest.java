package io.duplexer.bridge.grpc;

import static com.linecorp.armeria.common.SessionProtocol.H2C;
import static io.duplexer.bridge.grpc.PlayedService.PlayedCall.CANCEL;
import static io.duplexer.bridge.grpc.PlayedService.PlayedCall.COMPLETE;
import static io.duplexer.bridge.grpc.PlayedService.PlayedCall.HALF_CLOSE;
import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.UNARY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.bridge.grpc.GrpcSocket.Close;
import io.duplexer.bridge.grpc.PlayedService.PlayedCall;
import io.duplexer.bridge.websocket.WebSocketConfig;
import io.duplexer.bridge.websocket.WebSocketEndpoint;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever ends a call before its trailers cancels the handler, once; only 0x01 is a half-close. */
@Timeout(30)
final class CancellationTest {
    private static final int MAX_MESSAGE_BYTES = 1000;

    private static final PlayedService service = new PlayedService();
    private static GrpcServer server;

    @BeforeAll
    static void start() {
        server = GrpcServer.of(
                service,
                delegate -> delegate,
                GrpcWebSocket.builder().config(WebSocketConfig.DEFAULT.withMaxMessageBytes(MAX_MESSAGE_BYTES)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static PlayedCall start(GrpcSocket socket) throws InterruptedException {
        socket.send(Blocks.HEADERS).send(Blocks.data("one"));
        PlayedCall call = service.next().request(10);
        assertThat(call.next()).isEqualTo("one");
        return call;
    }

    private static void expectOneCancel(GrpcServer where, PlayedCall call) throws InterruptedException {
        assertThat(call.next()).isEqualTo(CANCEL);
        await().until(() -> openSessions(where) == 0);
        assertThat(call.pending()).isZero();
        assertThat(call.call.isCancelled()).isTrue();
    }

    private static void expectOneCancel(PlayedCall call) throws InterruptedException {
        expectOneCancel(server, call);
    }

    private static int openSessions(GrpcServer where) {
        return where.server().serviceConfigs().stream()
                .map(config -> config.service().as(WebSocketEndpoint.class))
                .filter(endpoint -> endpoint != null)
                .distinct()
                .mapToInt(WebSocketEndpoint::openSessions)
                .sum();
    }

    @ParameterizedTest
    @CsvSource({"H1C, 1000", "H1C, 1001", "H1C, 4000", "H2C, 1000", "H2C, 4000", "H1, 1000", "H2, 1000"})
    void closingTheSocketCancels(SessionProtocol protocol, int code) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            PlayedCall call = start(socket);
            socket.sendClose(code);
            expectOneCancel(call);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C", "H1", "H2"})
    void losingTheConnectionCancels(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            PlayedCall call = start(socket);
            socket.cut();
            expectOneCancel(call);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void closingCancelsAHandlerThatHasStoppedRequesting(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            PlayedCall call = service.next();
            for (int i = 0; i < 20; i++) {
                socket.send(Blocks.data(new byte[900]));
            }
            socket.sendClose(1000);
            expectOneCancel(call);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void closingAfterTheHalfCloseCancels(SessionProtocol protocol) throws Exception {
        for (var type : new MethodType[] {UNARY, SERVER_STREAMING, BIDI_STREAMING}) {
            try (GrpcSocket socket = server.open(protocol, type)) {
                PlayedCall call;
                socket.send(Blocks.HEADERS).send(Blocks.data("one")).halfClose();
                call = service.next().request(2);
                assertThat(call.next()).isEqualTo("one");
                assertThat(call.next()).isEqualTo(HALF_CLOSE);
                socket.sendClose(1000);
                expectOneCancel(call);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void closingCancelsAHandlerInTheMiddleOfItsAnswer(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            PlayedCall call = start(socket);
            call.sendHeaders(new Metadata()).send("first");
            socket.nextHeaders();
            socket.nextMessage();
            socket.sendClose(1000);
            expectOneCancel(call);
            call.send("too late");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void closingAfterTheTrailersCancelsNothing(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            PlayedCall call = start(socket);
            call.close(Status.OK);
            socket.expectStatus(0);
            assertThat(call.next()).isEqualTo(COMPLETE);
            await().until(() -> openSessions(server) == 0);
            assertThat(call.pending()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void theServiceMayCancelTheCallItself(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            PlayedCall call = start(socket);
            ServiceRequestContext ctx = call.context;
            ctx.cancel();
            socket.expectStatus(1);
            expectOneCancel(call);
            assertThat(ctx.isCancelled()).isTrue();
            assertThat(ctx.isTimedOut()).isFalse();
        }
    }

    @Test
    void aServiceThatIsNotGrpcIsToldByItsContext() throws Exception {
        CompletableFuture<Throwable> cancelled = new CompletableFuture<>();
        HttpService silent = (ctx, req) -> {
            var unused = ctx.whenRequestCancelled().thenAccept(cancelled::complete);
            return HttpResponse.streaming();
        };
        try (GrpcServer silentServer = GrpcServer.of(silent, GrpcWebSocket.builder());
                GrpcSocket socket = silentServer.open(H2C, UNARY)) {
            socket.send(Blocks.HEADERS).sendClose(1000);
            assertThat(cancelled.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    private static void violation(SessionProtocol protocol, Consumer<GrpcSocket> send, Close close) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            PlayedCall call = start(socket);
            send.accept(socket);
            assertThat(socket.expectClose()).isEqualTo(close);
            expectOneCancel(call);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aTextMessageIsClosedWith1003(SessionProtocol protocol) throws Exception {
        violation(
                protocol,
                socket -> socket.sendText("text"),
                new Close(1003, "message: text (expected: binary messages only)"));
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aMessageOfNoKnownKindIsClosedWith1008(SessionProtocol protocol) throws Exception {
        Close close = new Close(1008, "message: neither data nor half-close (expected: 0x00 and data, or 0x01)");
        violation(protocol, socket -> socket.send(new byte[0]), close);
        violation(protocol, socket -> socket.send(new byte[] {2}), close);
        violation(protocol, socket -> socket.send(new byte[] {1, 0}), close);
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C", "H1", "H2"})
    void aMessageAboveTheSocketsLimitIsClosedWith1009(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            PlayedCall call = start(socket);
            socket.send(Blocks.data(new byte[MAX_MESSAGE_BYTES - 6]));
            assertThat(call.next()).hasSize(MAX_MESSAGE_BYTES - 6);
            socket.send(Blocks.data(new byte[MAX_MESSAGE_BYTES - 5]));
            assertThat(socket.expectClose().code()).isEqualTo(1009);
            expectOneCancel(call);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aMessageAfterTheHalfCloseIsClosedWith1008(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            PlayedCall call = start(socket);
            socket.halfClose();
            assertThat(call.next()).isEqualTo(HALF_CLOSE);
            socket.halfClose();
            assertThat(socket.expectClose())
                    .isEqualTo(new Close(1008, "message: after the half-close (expected: none)"));
            expectOneCancel(call);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C", "H1", "H2"})
    void aServerThatStopsIsUnavailable(SessionProtocol protocol) throws Exception {
        PlayedService stopped = new PlayedService();
        try (GrpcServer stopping = GrpcServer.of(stopped);
                GrpcSocket socket = stopping.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            PlayedCall call = stopped.next();
            stopping.stop();
            socket.expectStatus(14);
            expectOneCancel(stopping, call);
        }
    }
}

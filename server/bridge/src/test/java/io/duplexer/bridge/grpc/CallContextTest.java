package io.duplexer.bridge.grpc;

import static com.linecorp.armeria.common.SessionProtocol.H2C;
import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.bridge.grpc.PlayedService.PlayedCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Decorators and handlers see the call, and not the upgrade that carries it. */
@Timeout(30)
final class CallContextTest {
    private static final PlayedService service = new PlayedService();
    private static final BlockingQueue<RequestLog> logs = new LinkedBlockingQueue<>();
    private static GrpcServer server;

    @BeforeAll
    static void start() {
        server = GrpcServer.of(service, CallContextTest::logging, GrpcWebSocket.builder());
    }

    private static RequestLog next() throws InterruptedException {
        RequestLog log = logs.poll(10, TimeUnit.SECONDS);
        assertThat(log).as("the next log").isNotNull();
        return log;
    }

    private static HttpService logging(HttpService delegate) {
        return delegate.decorate((inner, ctx, req) -> {
            var unused = ctx.log().whenComplete().thenAccept(logs::add);
            return inner.serve(ctx, req);
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void theLogIsThatOfTheCall(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            byte[] data = Blocks.data("message");
            socket.send(Blocks.HEADERS).send(data).halfClose();
            PlayedCall call = service.next().request(2);
            assertThat(call.next()).isEqualTo("message");
            assertThat(call.next()).isEqualTo(PlayedCall.HALF_CLOSE);
            call.sendHeaders(new Metadata()).send("answer").close(Status.OK);
            socket.nextHeaders();
            int length = 5
                    + socket.nextMessage().length()
                    + 5
                    + socket.expectStatus(0).bytes().length;

            RequestLog log = next();
            assertThat(log.requestHeaders().method()).isEqualTo(HttpMethod.POST);
            assertThat(log.requestHeaders().get("x-grpc-web")).isEqualTo("1");
            assertThat(log.requestLength()).isEqualTo(data.length - 1);
            assertThat(log.requestCause()).isNull();
            assertThat(log.name()).isEqualTo("BIDI_STREAMING");
            assertThat(log.responseHeaders().status().code()).isEqualTo(200);
            assertThat(log.responseLength()).isEqualTo(length);
            assertThat(log.responseCause()).isNull();
            assertThat(log.sessionProtocol()).isEqualTo(protocol);
            assertThat(log.channel()).isNotNull();
            assertThat(call.context.log().isComplete()).isTrue();
        }
    }

    @Test
    void theLogTellsWhyACallHasFailed() throws Exception {
        try (GrpcSocket socket = server.open(H2C, BIDI_STREAMING)) {
            socket.send(Blocks.headersAnd("grpc-timeout: 50m"));
            socket.expectStatus(4);
            RequestLog log = next();
            assertThat(log.responseCause()).isNotNull();
            assertThat(log.responseTrailers().get("grpc-status")).isEqualTo("4");
        }
        service.next();
    }

    @Test
    void theLogTellsThatTheClientIsGone() throws Exception {
        try (GrpcSocket socket = server.open(H2C, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            service.next();
            socket.sendClose(1000);
            assertThat(next().responseCause()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void theContextIsThatOfTheCallOnEveryThread(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            PlayedCall call = service.next();
            ServiceRequestContext ctx = call.context;
            assertThat(ctx.method()).isEqualTo(HttpMethod.POST);
            assertThat(ctx.request().headers().method()).isEqualTo(HttpMethod.POST);
            assertThat(ctx.eventLoop().submit(ServiceRequestContext::current).get())
                    .isSameAs(ctx);
            assertThat(ctx.blockingTaskExecutor()
                            .submit(ServiceRequestContext::current)
                            .get())
                    .isSameAs(ctx);
            call.close(Status.OK);
            socket.expectStatus(0);
        }
        next();
    }

    @Test
    void aDecoratorMayReplaceTheRequest() throws Exception {
        HttpService replacing = (ctx, req) -> {
            var replaced = req.mapHeaders(headers -> headers.withMutations(builder -> builder.set("x-a", "1")));
            ctx.updateRequest(replaced);
            assertThat(ctx.request()).isSameAs(replaced);
            throw HttpStatusException.of(403);
        };
        try (GrpcServer replacingServer = GrpcServer.of(replacing, GrpcWebSocket.builder());
                GrpcSocket socket = replacingServer.open(H2C, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            socket.expectStatus(7);
        }
    }
}

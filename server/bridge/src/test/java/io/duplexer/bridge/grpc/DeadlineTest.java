package io.duplexer.bridge.grpc;

import static com.linecorp.armeria.common.SessionProtocol.H1C;
import static com.linecorp.armeria.common.SessionProtocol.H2C;
import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static io.grpc.MethodDescriptor.MethodType.UNARY;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.stream.CancelledSubscriptionException;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServiceOptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.bridge.grpc.PlayedService.PlayedCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.time.Duration;
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
import org.junit.jupiter.params.provider.ValueSource;

/** A passed deadline is status 4 for the client and a cancellation for the service, whatever the service is. */
@Timeout(30)
final class DeadlineTest {
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
    @CsvSource({"H1C, UNARY", "H2C, UNARY", "H1C, BIDI_STREAMING", "H2C, BIDI_STREAMING", "H1C, CLIENT_STREAMING"})
    void theDeadlineOfTheClientEndsTheCall(SessionProtocol protocol, MethodType type) throws Exception {
        try (GrpcSocket socket = server.open(protocol, type)) {
            socket.send(Blocks.headersAnd("grpc-timeout: 50m"));
            PlayedCall call = service.next();
            assertThat(socket.expectStatus(4).header("grpc-message")).isEqualTo("the deadline of the call has passed");
            assertThat(call.next()).isEqualTo(PlayedCall.CANCEL);
            assertThat(call.pending()).isZero();
        }
    }

    @Test
    void theDeadlineMayPassInTheMiddleOfAStream() throws Exception {
        try (GrpcSocket socket = server.open(H2C, BIDI_STREAMING)) {
            socket.send(Blocks.headersAnd("grpc-timeout: 300m"));
            PlayedCall call = service.next().sendHeaders(new Metadata()).send("in time");
            socket.nextHeaders();
            assertThat(socket.nextMessage()).isEqualTo("in time");
            socket.expectStatus(4);
            assertThat(call.next()).isEqualTo(PlayedCall.CANCEL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10S", "99999999H", "99999999S", "1H"})
    void aDeadlineThatHasNotPassedChangesNothing(String timeout) throws Exception {
        try (GrpcSocket socket = server.open(H1C, UNARY)) {
            socket.send(Blocks.headersAnd("grpc-timeout: " + timeout))
                    .send(Blocks.data("x"))
                    .halfClose();
            service.next().sendHeaders(new Metadata()).send("y").close(Status.OK);
            socket.nextHeaders();
            socket.nextMessage();
            socket.expectStatus(0);
        }
    }

    private static void servingSilently(Consumer<ServiceRequestContext> setting, long optionMillis) throws Exception {
        HttpResponseWriter silence = HttpResponse.streaming();
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        HttpService silent = new HttpService() {
            @Override
            public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) {
                var unused = ctx.whenRequestCancelling().thenAccept(told::complete);
                setting.accept(ctx);
                return silence;
            }

            @Override
            public ServiceOptions options() {
                return ServiceOptions.builder()
                        .requestTimeoutMillis(optionMillis)
                        .build();
            }
        };
        try (GrpcServer silentServer = GrpcServer.of(silent, GrpcWebSocket.builder());
                GrpcSocket socket = silentServer.open(H1C, UNARY)) {
            socket.send(Blocks.HEADERS);
            socket.expectStatus(4);
            assertThat(told.get(10, TimeUnit.SECONDS)).isInstanceOf(RequestTimeoutException.class);
            assertThat(silence.whenComplete().handle((unused, cause) -> cause).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(CancelledSubscriptionException.class);
        }
    }

    @Test
    void everyWayToSetATimeoutHolds() throws Exception {
        servingSilently(ctx -> {}, 50);
        servingSilently(ctx -> ctx.setRequestTimeoutMillis(50), 0);
        servingSilently(ctx -> ctx.setRequestTimeout(TimeoutMode.SET_FROM_NOW, Duration.ofMillis(50)), 60_000);
        servingSilently(ctx -> ctx.setRequestTimeout(TimeoutMode.SET_FROM_START, Duration.ZERO), 60_000);
        servingSilently(ctx -> ctx.setRequestTimeout(TimeoutMode.EXTEND, Duration.ofMillis(-59_950)), 60_000);
        servingSilently(ServiceRequestContext::timeoutNow, 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C"})
    void aTimeoutThatIsClearedDoesNotPass(SessionProtocol protocol) throws Exception {
        HttpResponseWriter response = HttpResponse.streaming();
        CompletableFuture<ServiceRequestContext> served = new CompletableFuture<>();
        HttpService patient = (ctx, req) -> {
            ctx.setRequestTimeoutMillis(100);
            ctx.clearRequestTimeout();
            served.complete(ctx);
            return response;
        };
        try (GrpcServer patientServer = GrpcServer.of(patient, GrpcWebSocket.builder());
                GrpcSocket socket = patientServer.open(protocol, UNARY)) {
            socket.send(Blocks.HEADERS);
            ServiceRequestContext ctx = served.join();
            assertThat(ctx.requestTimeoutMillis()).isZero();
            ctx.eventLoop().schedule(() -> {}, 150, TimeUnit.MILLISECONDS).get();
            assertThat(ctx.isCancelled()).isFalse();
            socket.sendClose(1000);
        }
    }
}

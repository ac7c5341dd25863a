package io.duplexer.bridge.gateway;

import static io.duplexer.bridge.gateway.Exchange.concat;
import static io.duplexer.bridge.gateway.Exchange.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How calls end that do not end well: the client always gets a status, or on gRPC-Web a body that breaks off. */
final class FailureTest {
    private static final ResponseHeaders GRPC = ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc");
    private static final byte[] HALF_A_FRAME = {0, 0, 0, 0, 9, 1, 2};

    private static HttpService answering(HttpResponse response) {
        return (ctx, request) -> response;
    }

    private static String statusOf(HttpService upstream, String contentType) {
        try (var gateway = TestGateway.before(upstream)) {
            var status = gateway.call(contentType).end().read().status();
            await().untilAsserted(() -> assertThat(gateway.activeCalls()).isZero());
            return status;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web", "application/grpc-web-text"})
    void nobodyAtTheAddressIsUnavailable(String contentType) throws IOException {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        try (var gateway = TestGateway.before(Endpoint.of("127.0.0.1", port))) {
            assertThat(gateway.call(contentType).end().read().status())
                    .isEqualTo("14 upstream played: cannot be reached");
        }
    }

    @Test
    void anUpstreamWithoutEndpointsIsUnavailable() {
        try (var gateway = TestGateway.before(EndpointGroup.of())) {
            assertThat(gateway.call("application/grpc").end().read().status())
                    .isEqualTo("14 upstream played: no server is available");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, 13", "401, 16", "403, 7", "404, 12", "429, 14", "500, 2", "502, 14", "503, 14", "504, 14",
    })
    void plainHttpBecomesTheStatusThatGrpcMapsItTo(int http, int grpc) {
        var upstream = answering(HttpResponse.of(HttpStatus.valueOf(http), MediaType.HTML_UTF_8, "<h1>secret</h1>"));

        assertThat(statusOf(upstream, "application/grpc"))
                .isEqualTo(grpc + " upstream played: answered with HTTP " + http);
    }

    @Test
    void anotherContentTypeIsNotRelayed() {
        assertThat(statusOf(
                        answering(HttpResponse.of(MediaType.HTML_UTF_8, "<h1>secret</h1>")), "application/grpc-web"))
                .isEqualTo("2 upstream played: answered with another content-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web", "application/grpc-web-text"})
    void aResponseWithoutAStatusIsInternal(String contentType) {
        assertThat(statusOf(answering(HttpResponse.of(GRPC)), contentType))
                .isEqualTo("13 upstream played: ended the call without a status");
        assertThat(statusOf(
                        answering(HttpResponse.of(GRPC, HttpData.wrap(frame("x")), HttpHeaders.of("x", "y"))),
                        contentType))
                .isEqualTo("13 upstream played: ended the call without a status");
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc,          14 upstream played: the call was reset",
        "application/grpc-web,      14 upstream played: the call was reset",
    })
    void aResetBetweenMessagesIsUnavailable(String contentType, String status) throws Exception {
        var upstream = new CompletableFuture<HttpResponseWriter>();
        try (var gateway = TestGateway.before((ctx, request) -> {
            var response = HttpResponse.streaming();
            response.write(GRPC);
            response.write(HttpData.wrap(frame("x")));
            upstream.complete(response);
            return response;
        })) {
            var call = gateway.call(contentType).read();
            call.headers();
            call.data();
            upstream.get().close(ClosedStreamException.get());
            assertThat(call.status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc,          14 upstream played: the call was reset",
        "application/grpc-web,      broken off",
        "application/grpc-web-text, broken off",
    })
    void aResetWithinAMessageCannotBeTakenForItsRest(String contentType, String status) throws Exception {
        var upstream = new CompletableFuture<HttpResponseWriter>();
        try (var gateway = TestGateway.before((ctx, request) -> {
            var response = HttpResponse.streaming();
            response.write(GRPC);
            response.write(HttpData.wrap(HALF_A_FRAME));
            upstream.complete(response);
            return response;
        })) {
            var call = gateway.call(contentType).read();
            call.headers();
            call.data();
            upstream.get().close(ClosedStreamException.get());
            assertThat(call.status()).isEqualTo(status);
        }
    }

    @Test
    void trailersWithinAMessageAreNotMadeAFrame() {
        var upstream =
                answering(HttpResponse.of(GRPC, HttpData.wrap(HALF_A_FRAME), HttpHeaders.of("grpc-status", "0")));

        assertThat(statusOf(upstream, "application/grpc-web")).isEqualTo("broken off");
    }

    @Test
    void aFrameWithFlagsOfGrpcWebIsNotRelayed() {
        var trailers = Exchange.trailersFrame("grpc-status: 0\r\n");
        var upstream = answering(
                HttpResponse.of(GRPC, HttpData.wrap(concat(frame("x"), trailers)), HttpHeaders.of("grpc-status", "2")));

        assertThat(statusOf(upstream, "application/grpc-web"))
                .isEqualTo("13 response: not a gRPC frame (expected: flags 0 or 1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web", "application/grpc-web-text"})
    void aPassedDeadlineEndsTheCallHereAndThere(String contentType) throws Exception {
        var upstream = new CompletableFuture<ServiceRequestContext>();
        try (var gateway = TestGateway.before((ctx, request) -> {
            upstream.complete(ctx);
            return HttpResponse.streaming();
        })) {
            assertThat(gateway.call(contentType, "grpc-timeout", "1S").read().status())
                    .isEqualTo("4 the deadline of the call has passed");
            assertThat(upstream.get(5, TimeUnit.SECONDS).whenRequestCancelled().get(5, TimeUnit.SECONDS))
                    .isNotNull();
        }
    }

    @Test
    void aDeadlineHoldsAfterTheFirstMessage() {
        try (var gateway = TestGateway.before((ctx, request) -> {
            var response = HttpResponse.streaming();
            response.write(GRPC);
            response.write(HttpData.wrap(frame("x")));
            return response;
        })) {
            var call = gateway.call("application/grpc", "grpc-timeout", "300m").read();
            call.headers();
            call.data();
            assertThat(call.trailers().get("grpc-status")).isEqualTo("4");
        }
    }

    @Test
    void aDeadlineOfZeroIsPassed() {
        assertThat(statusOfTimeout("0n")).isEqualTo("4 the deadline of the call has passed");
    }

    @Test
    void aDeadlineThatIsNoneIsRefused() {
        assertThat(statusOfTimeout("1s")).startsWith("3 grpc-timeout: not a timeout (expected: one to eight digits");
    }

    private static String statusOfTimeout(String timeout) {
        try (var gateway = TestGateway.before((ctx, request) -> HttpResponse.streaming())) {
            return gateway.call("application/grpc", "grpc-timeout", timeout)
                    .read()
                    .status();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web", "application/grpc-web-text"})
    void aClientThatIsGoneCancelsTheCallOfTheUpstream(String contentType) throws Exception {
        var upstream = new CompletableFuture<ServiceRequestContext>();
        try (var gateway = TestGateway.before((ctx, request) -> {
            upstream.complete(ctx);
            var response = HttpResponse.streaming();
            response.write(GRPC);
            return response;
        })) {
            var call = gateway.call(contentType).read();
            call.headers();
            assertThat(gateway.activeCalls()).isOne();

            call.cancel();
            assertThat(upstream.get().whenRequestCancelled().get(5, TimeUnit.SECONDS))
                    .isNotNull();
            await().untilAsserted(() -> assertThat(gateway.activeCalls()).isZero());
        }
    }

    @Test
    void anUpstreamThatAnswersEarlyIsHeardWhileTheClientStillSends() {
        try (var gateway = TestGateway.before(answering(HttpResponse.of(ResponseHeaders.builder(200)
                .add("content-type", "application/grpc")
                .add("grpc-status", "9")
                .endOfStream(true)
                .build())))) {
            assertThat(gateway.call("application/grpc").send(frame("x")).read().status())
                    .isEqualTo("9");
        }
    }

    @Test
    void aStoppingGatewayEndsTheCallsThatAreLeft() {
        try (var gateway = TestGateway.before((ctx, request) -> {
            var response = HttpResponse.streaming();
            response.write(GRPC);
            return response;
        })) {
            var call = gateway.call("application/grpc").read();
            call.headers();
            gateway.gateway().closeAfter(Duration.ofMillis(10));

            assertThat(call.status()).isEqualTo("14 the gateway stops");
            await().untilAsserted(() ->
                    assertThat(gateway.call("application/grpc").read().status()).isEqualTo("14 the gateway stops"));
        }
    }

    @Test
    void moreCallsThanAllowedAreRefusedUntilOneHasEnded() {
        try (var gateway = TestGateway.before(
                (ctx, request) -> {
                    var response = HttpResponse.streaming();
                    response.write(GRPC);
                    return response;
                },
                settings -> settings.maxCalls(1))) {
            var first = gateway.call("application/grpc").read();
            first.headers();

            assertThat(gateway.call("application/grpc-web").end().read().status())
                    .isEqualTo("8 calls: too many at once (expected: at most 1; try again)");

            first.cancel();
            await().untilAsserted(() -> assertThat(gateway.activeCalls()).isZero());
            assertThat(gateway.call("application/grpc").read().headers().contains("grpc-status"))
                    .isFalse();
        }
    }
}

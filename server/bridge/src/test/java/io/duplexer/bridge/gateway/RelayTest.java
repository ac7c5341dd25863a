package io.duplexer.bridge.gateway;

import static io.duplexer.bridge.gateway.Exchange.concat;
import static io.duplexer.bridge.gateway.Exchange.frame;
import static io.duplexer.bridge.gateway.Exchange.trailersFrame;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import io.duplexer.bridge.grpc.Base64Stream;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** What passes through the gateway, byte by byte, on each form of gRPC. */
final class RelayTest {
    private static final ResponseHeaders GRPC =
            ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc+proto");
    private static final HttpHeaders OK = HttpHeaders.of("grpc-status", "0", "x-trailer", "a", "x-trailer", "b");

    /** Sends everything back. */
    private static final HttpService ECHO = (ctx, request) -> {
        var response = HttpResponse.streaming();
        response.write(GRPC);
        request.subscribe(new Echo(response), ctx.eventLoop());
        return response;
    };

    private static byte[] base64(byte[] bytes) {
        return Base64.getEncoder().encode(bytes);
    }

    /** Of pieces that are each padded. */
    private static byte[] decoded(byte[] text) {
        return new Base64Stream().decode(text);
    }

    @Test
    void nativeCallsPassAsTheyAre() {
        try (var gateway = TestGateway.before(ECHO)) {
            var call = gateway.call("application/grpc+proto")
                    .send(frame("one"))
                    .end()
                    .read();

            assertThat(call.headers().get("content-type")).isEqualTo("application/grpc+proto");
            assertThat(call.data()).isEqualTo(frame("one"));
            assertThat(call.trailers().getAll("x-trailer")).containsExactly("a", "b");
            call.assertEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc-web", "application/grpc-web+proto"})
    void trailersBecomeTheLastFrameOfGrpcWeb(String contentType) {
        try (var gateway = TestGateway.before(ECHO)) {
            var call = gateway.call(contentType).send(frame("one")).end().read();

            assertThat(call.headers().get("content-type")).isEqualTo(contentType);
            assertThat(call.rest())
                    .isEqualTo(
                            concat(frame("one"), trailersFrame("grpc-status: 0\r\nx-trailer: a\r\nx-trailer: b\r\n")));
        }
    }

    @Test
    void textIsDecodedAndEncodedWhereverItIsCut() {
        var expected = concat(
                frame("one"), frame("second"), trailersFrame("grpc-status: 0\r\nx-trailer: a\r\nx-trailer: b\r\n"));
        var oneText = base64(concat(frame("one"), frame("second")));
        var twoTexts = concat(base64(frame("one")), base64(frame("second")));
        try (var gateway = TestGateway.before(ECHO)) {
            for (var text : new byte[][] {oneText, twoTexts}) {
                for (var cut = 0; cut <= text.length; cut++) {
                    var call = gateway.callOverHttp2("application/grpc-web-text+proto")
                            .send(Arrays.copyOf(text, cut))
                            .send(Arrays.copyOfRange(text, cut, text.length))
                            .end()
                            .read();

                    assertThat(call.headers().get("content-type")).isEqualTo("application/grpc-web-text+proto");
                    assertThat(decoded(call.rest())).as("cut at %s", cut).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void aClientOfBinaryGrpcWebMayAskForTextBack() {
        try (var gateway = TestGateway.before(ECHO)) {
            var call = gateway.call("application/grpc-web+proto", "accept", "application/grpc-web-text+proto")
                    .send(frame("one"))
                    .end()
                    .read();

            assertThat(call.headers().get("content-type")).isEqualTo("application/grpc-web-text+proto");
            assertThat(decoded(call.rest())).startsWith(frame("one"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web", "application/grpc-web-text"})
    void aResponseWithoutAnythingButAStatusStaysOne(String contentType) {
        try (var gateway = TestGateway.before((ctx, request) -> HttpResponse.of(ResponseHeaders.builder(200)
                .add("content-type", "application/grpc")
                .add("grpc-status", "5")
                .add("grpc-message", "no%20such%20thing")
                .add("x-detail", "1")
                .endOfStream(true)
                .build()))) {
            var call = gateway.call(contentType).end().read();
            var headers = call.headers();

            assertThat(headers.get("grpc-status")).isEqualTo("5");
            assertThat(headers.get("grpc-message")).isEqualTo("no%20such%20thing");
            assertThat(headers.get("x-detail")).isEqualTo("1");
            assertThat(headers.get("content-type")).isEqualTo(contentType);
            assertThat(call.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web", "application/grpc-web-text"})
    void headersAndEachMessagePassAtOnce(String contentType) throws Exception {
        var upstream = new CompletableFuture<HttpResponseWriter>();
        try (var gateway = TestGateway.before((ctx, request) -> {
            var response = HttpResponse.streaming();
            upstream.complete(response);
            return response;
        })) {
            var call = gateway.call(contentType).read();
            var response = upstream.get();

            response.write(GRPC.withMutations(headers -> headers.add("x-header", "now")));
            assertThat(call.headers().get("x-header")).isEqualTo("now");
            for (var message : new String[] {"a", "bc", ""}) {
                response.write(HttpData.wrap(frame(message)));
                var data = call.data();
                assertThat(contentType.endsWith("text") ? decoded(data) : data).isEqualTo(frame(message));
            }
            response.write(OK);
            response.close();
            if (contentType.equals("application/grpc")) {
                assertThat(call.trailers().get("grpc-status")).isEqualTo("0");
            } else {
                var rest = call.rest();
                assertThat(contentType.endsWith("text") ? decoded(rest) : rest)
                        .isEqualTo(trailersFrame("grpc-status: 0\r\nx-trailer: a\r\nx-trailer: b\r\n"));
            }
        }
    }

    @Test
    void eachMessageReachesTheUpstreamAtOnce() {
        try (var gateway = TestGateway.before(ECHO)) {
            var call = gateway.call("application/grpc").read();
            call.headers();
            for (var message : new String[] {"ping", "pong"}) {
                call.send(frame(message));
                assertThat(call.data()).isEqualTo(frame(message));
            }
            call.end();
            assertThat(call.status()).isEqualTo("0");
        }
    }

    @Test
    void metadataPassesAndWhatIsOfTheConnectionDoesNot() throws Exception {
        var seen = new CompletableFuture<RequestHeaders>();
        try (var gateway = TestGateway.before((ctx, request) -> {
            seen.complete(request.headers());
            return ECHO.serve(ctx, request);
        })) {
            gateway.call(
                            "application/grpc-web-text+proto",
                            "x-meta",
                            "a",
                            "x-meta",
                            "b",
                            "x-data-bin",
                            "AAE=",
                            "authorization",
                            "Bearer t",
                            "cookie",
                            "session=1",
                            "x-forwarded-for",
                            "192.0.2.1",
                            "grpc-timeout",
                            "59S",
                            "user-agent",
                            "client/1",
                            "accept",
                            "application/grpc-web-text",
                            "accept-encoding",
                            "gzip",
                            "x-grpc-web",
                            "1",
                            "origin",
                            "http://page.example",
                            "sec-fetch-mode",
                            "cors",
                            "te",
                            "gzip")
                    .end()
                    .read()
                    .headers();
            var headers = seen.get();

            assertThat(headers.getAll("x-meta")).containsExactly("a", "b");
            assertThat(headers.get("x-data-bin")).isEqualTo("AAE=");
            assertThat(headers.get("authorization")).isEqualTo("Bearer t");
            assertThat(headers.get("cookie")).isEqualTo("session=1");
            assertThat(headers.getAll("x-forwarded-for")).containsExactly("192.0.2.1", "127.0.0.1");
            assertThat(headers.get("grpc-timeout")).isEqualTo("59S");
            assertThat(headers.get("user-agent")).isEqualTo("client/1");
            assertThat(headers.getAll("content-type")).containsExactly("application/grpc+proto");
            assertThat(headers.getAll("te")).containsExactly("trailers");
            assertThat(headers.names())
                    .extracting(Object::toString)
                    .doesNotContain("accept", "accept-encoding", "x-grpc-web", "origin", "sec-fetch-mode");
        }
    }

    @Test
    void headersOfTheResponsePassButForThoseOfItsConnection() {
        try (var gateway = TestGateway.before((ctx, request) -> HttpResponse.of(
                ResponseHeaders.builder(200)
                        .add("content-type", "application/grpc")
                        .add("x-meta", "a")
                        .add("x-meta", "b")
                        .add("set-cookie", "session=1")
                        .add("grpc-encoding", "gzip")
                        .add("server", "secret/1.0")
                        .add("access-control-allow-origin", "*")
                        .build(),
                HttpData.wrap(frame("x")),
                OK))) {
            var headers = gateway.call("application/grpc-web").end().read().headers();

            assertThat(headers.getAll("x-meta")).containsExactly("a", "b");
            assertThat(headers.get("set-cookie")).isEqualTo("session=1");
            assertThat(headers.get("grpc-encoding")).isEqualTo("gzip");
            assertThat(headers.get("server", "")).doesNotContain("secret");
            assertThat(headers.contains("access-control-allow-origin")).isFalse();
        }
    }

    @Test
    void textThatIsNoneIsRefused() {
        try (var gateway = TestGateway.before(ECHO)) {
            assertThat(gateway.call("application/grpc-web-text")
                            .send("AAAA*".getBytes(US_ASCII))
                            .end()
                            .read()
                            .status())
                    .isEqualTo("3 request: not base64 (expected: grpc-web-text)");
            assertThat(gateway.call("application/grpc-web-text")
                            .send("AAAAA".getBytes(US_ASCII))
                            .end()
                            .read()
                            .status())
                    .isEqualTo("3 request: not base64 (expected: grpc-web-text)");
        }
    }

    @Test
    void whatIsNotGrpcIsRefused() {
        try (var gateway = TestGateway.before(ECHO)) {
            assertThat(gateway.call("application/json")
                            .end()
                            .read()
                            .headers()
                            .status()
                            .code())
                    .isEqualTo(415);
        }
    }

    /** Writes each piece of the request into the response, and the trailers at its end. */
    private record Echo(HttpResponseWriter response) implements Subscriber<HttpObject> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(HttpObject object) {
            if (object instanceof HttpData data) {
                response.write(data.withEndOfStream(false));
            }
        }

        @Override
        public void onError(Throwable cause) {
            response.close(cause);
        }

        @Override
        public void onComplete() {
            response.write(OK);
            response.close();
        }
    }
}

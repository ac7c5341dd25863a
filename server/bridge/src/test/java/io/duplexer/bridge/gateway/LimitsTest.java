package io.duplexer.bridge.gateway;

import static io.duplexer.bridge.gateway.Exchange.concat;
import static io.duplexer.bridge.gateway.Exchange.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The largest message, in both directions, on each form of gRPC. */
final class LimitsTest {
    private static final int LIMIT = 1000;
    private static final ResponseHeaders GRPC = ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc");
    private static final HttpHeaders OK = HttpHeaders.of("grpc-status", "0");

    /** Reads the whole request. */
    private static final HttpService READING = (ctx, request) -> HttpResponse.of(
            request.aggregate().thenApply(all -> HttpResponse.of(GRPC, HttpData.wrap(frame("read")), OK)));

    private static String sent(String contentType, byte[] body) {
        try (var gateway = TestGateway.before(READING, settings -> settings.maxMessageBytes(LIMIT))) {
            return gateway.callOverHttp2(contentType)
                    .send(contentType.endsWith("text") ? Base64.getEncoder().encode(body) : body)
                    .end()
                    .read()
                    .status();
        }
    }

    private static String received(String contentType, byte[] body) {
        try (var gateway = TestGateway.before(
                (ctx, request) -> HttpResponse.of(GRPC, HttpData.wrap(body), OK),
                settings -> settings.maxMessageBytes(LIMIT))) {
            return gateway.callOverHttp2(contentType).end().read().status();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web"})
    void messagesUpToTheLimitPassHoweverManyTheyAre(String contentType) {
        var body = concat(frame(new byte[LIMIT]), frame(new byte[LIMIT - 1]), frame(new byte[LIMIT]));

        assertThat(sent(contentType, body)).isEqualTo("0");
        assertThat(received(contentType, body)).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web", "application/grpc-web-text"})
    void aMessageAboveTheLimitIsRefusedOnItsWayUp(String contentType) {
        var body = concat(frame(new byte[LIMIT]), frame(new byte[LIMIT + 1]));

        assertThat(sent(contentType, body)).isEqualTo("8 request: a message of 1001 bytes (expected: at most 1000)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web"})
    void aMessageAboveTheLimitIsRefusedOnItsWayDown(String contentType) {
        var body = concat(frame(new byte[LIMIT]), frame(new byte[LIMIT + 1]));

        assertThat(received(contentType, body))
                .isEqualTo("8 response: a message of 1001 bytes (expected: at most 1000)");
    }
}

package io.duplexer.bridge.gateway;

import static io.duplexer.bridge.gateway.Exchange.concat;
import static io.duplexer.bridge.gateway.Exchange.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.endpoint.EndpointGroup;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that say of a call that they have not processed it: it is made again, on another one, while nothing of it is lost. */
final class RefusedCallTest {
    private static final int PREFIX_BYTES = 5;

    private static byte[] echo(int stream) {
        return concat(
                RawHttp2Server.headers(stream),
                RawHttp2Server.data(stream, frame("x")),
                RawHttp2Server.trailers(stream));
    }

    private static String statusOf(TestGateway gateway, byte[] request) {
        return gateway.callOverHttp2("application/grpc")
                .send(request)
                .end()
                .read()
                .status();
    }

    @Test
    void aRefusedCallIsMadeOnAnotherServer() throws IOException {
        try (var refusing = new RawHttp2Server((number, stream) -> RawHttp2Server.refuse(stream));
                var willing = new RawHttp2Server((number, stream) -> echo(stream));
                var gateway = TestGateway.before(EndpointGroup.of(refusing.endpoint(), willing.endpoint()))) {
            for (var i = 0; i < 6; i++) {
                assertThat(statusOf(gateway, frame("x"))).isEqualTo("0");
            }
            assertThat(willing.requests()).isEqualTo(6);
            assertThat(refusing.requests()).isEqualTo(3);
        }
    }

    @Test
    void aCallThatAllRefuseIsMadeOnceOnEach() throws IOException {
        try (var one = new RawHttp2Server((number, stream) -> RawHttp2Server.refuse(stream));
                var two = new RawHttp2Server((number, stream) -> RawHttp2Server.refuse(stream));
                var gateway = TestGateway.before(EndpointGroup.of(one.endpoint(), two.endpoint()))) {
            assertThat(statusOf(gateway, frame("x"))).isEqualTo("14 upstream played: refused the call");
            assertThat(one.requests()).isOne();
            assertThat(two.requests()).isOne();
        }
    }

    @Test
    void aServerThatLeavesIsAskedAgainOnAnotherConnection() throws IOException {
        try (var server = new RawHttp2Server((number, stream) -> number == 1 ? RawHttp2Server.goAway() : echo(stream));
                var gateway = TestGateway.before(server.endpoint())) {
            assertThat(statusOf(gateway, frame("x"))).isEqualTo("0");
            assertThat(server.requests()).isEqualTo(2);
        }
    }

    @Test
    void aServerThatAlwaysLeavesIsNotAskedForEver() throws IOException {
        try (var server = new RawHttp2Server((number, stream) -> RawHttp2Server.goAway());
                var gateway = TestGateway.before(server.endpoint())) {
            assertThat(statusOf(gateway, frame("x"))).isEqualTo("14 upstream played: refused the call");
            assertThat(server.requests()).isEqualTo(3);
        }
    }

    @Test
    void whatHasBegunToAnswerIsNotAskedTwice() throws IOException {
        RawHttp2Server.Answer beginning =
                (number, stream) -> concat(RawHttp2Server.headers(stream), RawHttp2Server.refuse(stream));
        try (var one = new RawHttp2Server(beginning);
                var two = new RawHttp2Server(beginning);
                var gateway = TestGateway.before(EndpointGroup.of(one.endpoint(), two.endpoint()))) {
            assertThat(statusOf(gateway, frame("x"))).isEqualTo("14 upstream played: refused the call");
            assertThat(one.requests() + two.requests()).isOne();
        }
    }

    /** What is sent is kept for another server, up to a limit. */
    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 0", "1, 14 upstream played: refused the call"})
    void aCallIsMadeAgainAsLongAsAllOfItIsKept(int above, String status) throws IOException {
        var request = frame(new byte[RequestBody.MAX_KEPT_BYTES + above - PREFIX_BYTES]);
        try (var refusing = new RawHttp2Server((number, stream) -> RawHttp2Server.refuse(stream));
                var willing = new RawHttp2Server((number, stream) -> echo(stream));
                var gateway = TestGateway.before(EndpointGroup.of(refusing.endpoint(), willing.endpoint()))) {
            assertThat(statusOf(gateway, request)).isEqualTo(status);
            assertThat(refusing.requests()).isOne();
        }
    }
}

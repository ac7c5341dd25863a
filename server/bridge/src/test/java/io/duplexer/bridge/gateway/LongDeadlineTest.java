package io.duplexer.bridge.gateway;

import static io.duplexer.bridge.gateway.Exchange.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines that are further away than a clock of nanoseconds counts, 292 years, are as good as any. */
final class LongDeadlineTest {
    private TestGateway gateway;

    /** Of two servers, one cannot be reached, so that half of the calls need a second attempt. */
    @BeforeEach
    void start() throws Exception {
        int nobody;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = taken.getLocalPort();
        }
        var ok = HttpHeaders.of("grpc-status", "0");
        var grpc = ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc");
        var server = TestGateway.serve((ctx, request) ->
                HttpResponse.of(request.aggregate().thenApply(all -> HttpResponse.of(grpc, all.content(), ok))));
        gateway = TestGateway.before(
                EndpointGroup.of(Endpoint.of("127.0.0.1", nobody), TestGateway.endpoint(server)), server);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc, 2562047H",
        "application/grpc, 2562048H",
        "application/grpc, 99999999H",
        "application/grpc-web, 99999999H",
        "application/grpc-web-text, 99999999H",
    })
    void theCallIsMadeAndAnotherOnItsConnectionLives(String contentType, String timeout) {
        var other = gateway.callOverHttp2("application/grpc").send(frame("x"));
        for (var i = 0; i < 2; i++) {
            var call =
                    gateway.callOverHttp2(contentType, "grpc-timeout", timeout).end();
            assertThat(call.read().status()).isEqualTo("0");
        }
        assertThat(other.end().read().status()).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2562048H", "99999999H"})
    void theCallIsMadeOverWebSocketToo(String timeout) throws Exception {
        for (var i = 0; i < 2; i++) {
            var call = new Recorder();
            var socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .subprotocols("grpc-websockets")
                    .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/a.B/C"), call)
                    .join();
            var headers =
                    "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\ngrpc-timeout: " + timeout + "\r\n";
            socket.sendBinary(ByteBuffer.wrap(headers.getBytes(UTF_8)), true).join();
            socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();

            assertThat(call.ended.get(10, TimeUnit.SECONDS)).contains("grpc-status: 0");
        }
    }

    /** All bytes that came until the Close frame. */
    private static final class Recorder implements WebSocket.Listener {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<String> ended = new CompletableFuture<>();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            var part = new byte[data.remaining()];
            data.get(part);
            bytes.writeBytes(part);
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            ended.complete(bytes.toString(UTF_8));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            ended.completeExceptionally(error);
        }
    }
}

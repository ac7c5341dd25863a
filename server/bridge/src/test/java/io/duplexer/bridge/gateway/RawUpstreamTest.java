package io.duplexer.bridge.gateway;

import static io.duplexer.bridge.gateway.Exchange.concat;
import static io.duplexer.bridge.gateway.Exchange.frame;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that are no gRPC servers at all, and one that says more than fits into memory. */
final class RawUpstreamTest {
    private static final ResponseHeaders GRPC = ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc");

    /** Answers each connection with these bytes, once something has come, and closes it. */
    private static ServerSocket answering(byte[] bytes) throws IOException {
        var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var unused = CompletableFuture.runAsync(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    assertThat(socket.getInputStream().read()).isNotNegative();
                    socket.getOutputStream().write(bytes);
                } catch (IOException e) {
                    if (!server.isClosed()) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        });
        return server;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n\r\n", "\0\0\0\1garbage that is no frame of HTTP/2 ... ... ..."})
    void whatDoesNotSpeakHttp2IsUnavailable(String bytes) throws IOException {
        try (var server = answering(bytes.getBytes(US_ASCII));
                var gateway = TestGateway.before(Endpoint.of("127.0.0.1", server.getLocalPort()))) {
            for (var contentType : new String[] {"application/grpc", "application/grpc-web"}) {
                assertThat(gateway.call(contentType)
                                .send(frame("x"))
                                .end()
                                .read()
                                .status())
                        .startsWith("14 upstream played: ");
            }
            await().untilAsserted(() -> assertThat(gateway.activeCalls()).isZero());
        }
    }

    /** The headers and a frame whose last 50 bytes are missing. */
    private static byte[] cut(int stream) {
        var all = concat(RawHttp2Server.headers(stream), RawHttp2Server.data(stream, frame(new byte[100])));
        return Arrays.copyOf(all, all.length - 50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web", "application/grpc-web-text"})
    void aConnectionThatIsClosedWithinAFrameIsLost(String contentType) throws IOException {
        try (var server = new RawHttp2Server((number, stream) -> cut(stream), true);
                var gateway = TestGateway.before(server.endpoint())) {
            assertThat(gateway.call(contentType).end().read().status())
                    .isEqualTo("14 upstream played: the connection was lost");
            await().untilAsserted(() -> assertThat(gateway.activeCalls()).isZero());
        }
    }

    /** A stream of {@code count} frames, each written when the one before has been taken. */
    private static HttpResponse stream(ServiceRequestContext ctx, byte[] frame, int count, AtomicLong sent) {
        var response = HttpResponse.streaming();
        response.write(GRPC);
        writeNext(ctx, response, frame, count, sent);
        return response;
    }

    private static void writeNext(
            ServiceRequestContext ctx, HttpResponseWriter response, byte[] frame, int left, AtomicLong sent) {
        if (left == 0) {
            var unused = response.tryWrite(HttpHeaders.of("grpc-status", "0"));
            response.close();
        } else if (response.tryWrite(HttpData.wrap(frame))) {
            sent.addAndGet(frame.length);
            var unused = response.whenConsumed()
                    .thenRunAsync(() -> writeNext(ctx, response, frame, left - 1, sent), ctx.eventLoop());
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsUpTheUpstreamAndNobodyElse() {
        var sent = new AtomicLong();
        try (var gateway =
                TestGateway.before((ctx, request) -> request.headers().contains("x-quick")
                        ? HttpResponse.of(GRPC, HttpData.wrap(frame("quick")), HttpHeaders.of("grpc-status", "0"))
                        : stream(ctx, frame(new byte[64 * 1024]), 32 * 1024, sent))) {
            var stalled = gateway.callOverHttp2("application/grpc").end().read(2);
            stalled.headers();
            var before = new AtomicLong(-1);
            await().until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());
            assertThat(sent.get()).as("of two gigabytes").isLessThan(16L * 1024 * 1024);

            for (var i = 0; i < 10; i++) {
                assertThat(gateway.call("application/grpc-web", "x-quick", "1")
                                .end()
                                .read()
                                .status())
                        .isEqualTo("0");
            }
            stalled.cancel();
            await().untilAsserted(() -> assertThat(gateway.activeCalls()).isZero());
        }
    }

    /** Of megabytes, as many as wanted: {@code -Dgateway.megabytes=2048} takes a minute where every buffer is tracked. */
    @Test
    void whatDoesNotFitIntoMemoryPasses() {
        var megabytes = Integer.getInteger("gateway.megabytes", 128);
        var frame = frame(new byte[1024 * 1024]);
        try (var gateway = TestGateway.before((ctx, request) -> stream(ctx, frame, megabytes, new AtomicLong()))) {
            assertThat(gateway.callOverHttp2("application/grpc").end().drain())
                    .isEqualTo((long) megabytes * frame.length);
        }
    }
}

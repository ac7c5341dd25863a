package io.duplexer.bridge.gateway;

import static io.duplexer.bridge.gateway.Exchange.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.AsyncCloseable;
import com.linecorp.armeria.server.HttpService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections to upstreams: how long they may take to open, and how long they stay open for nothing. */
final class ConnectionsTest {
    private static final HttpService ANSWERING = (ctx, request) -> HttpResponse.of(
            ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc"),
            HttpData.wrap(frame("x")),
            HttpHeaders.of("grpc-status", "0"));

    private static TestGateway before(
            EndpointGroup endpoints, Duration connectTimeout, Duration idleTimeout, AsyncCloseable... others) {
        return TestGateway.before(
                Upstream.of(
                        "played",
                        SessionProtocol.H2C,
                        endpoints,
                        Upstream.clientFactory()
                                .connectTimeout(connectTimeout)
                                .idleTimeout(idleTimeout)
                                .build()),
                others);
    }

    @Test
    void aServerThatTakesTooLongToConnectIsPassedOver() throws IOException {
        var server = TestGateway.serve(ANSWERING);
        try (var busy = new BusySocket();
                var gateway = before(
                        EndpointGroup.of(busy.endpoint(), TestGateway.endpoint(server)),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        server)) {
            for (var i = 0; i < 2; i++) {
                assertThat(gateway.call("application/grpc-web")
                                .send(frame("x"))
                                .end()
                                .read()
                                .status())
                        .isEqualTo("0");
            }
        }
    }

    @Test
    void whenThereIsNoOtherTheCallIsUnavailable() throws IOException {
        try (var busy = new BusySocket();
                var gateway = before(busy.endpoint(), Duration.ofMillis(200), Duration.ofMinutes(1))) {
            assertThat(gateway.call("application/grpc").end().read().status())
                    .isEqualTo("14 upstream played: cannot be reached");
        }
    }

    @Test
    void aConnectionWithoutCallsIsClosedAndOpenedAgainForTheNext() {
        var server = TestGateway.serve(ANSWERING);
        try (var gateway = before(TestGateway.endpoint(server), Duration.ofSeconds(3), Duration.ofSeconds(1), server)) {
            for (var i = 0; i < 2; i++) {
                assertThat(gateway.call("application/grpc").end().read().status())
                        .isEqualTo("0");
                assertThat(server.numConnections()).isOne();
                await().untilAsserted(() -> assertThat(server.numConnections()).isZero());
            }
        }
    }

    /** An address whose connections are never opened: as many wait to be accepted as may. */
    private static final class BusySocket implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> waiting = new ArrayList<>();

        BusySocket() throws IOException {
            var isFull = false;
            while (!isFull) {
                var socket = new Socket();
                waiting.add(socket);
                try {
                    socket.connect(server.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException e) {
                    isFull = true;
                }
            }
        }

        Endpoint endpoint() {
            return Endpoint.of("127.0.0.1", server.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            for (var socket : waiting) {
                socket.close();
            }
            server.close();
        }
    }
}

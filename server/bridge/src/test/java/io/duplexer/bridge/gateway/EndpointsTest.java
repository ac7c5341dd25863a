package io.duplexer.bridge.gateway;

import static io.duplexer.bridge.gateway.Exchange.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.DynamicEndpointGroup;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.dns.DnsAddressEndpointGroup;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Which of several servers a call goes to, and when it goes to another. */
final class EndpointsTest {
    private static final ResponseHeaders GRPC = ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc");
    private static final HttpHeaders OK = HttpHeaders.of("grpc-status", "0");

    private static HttpService echoing(AtomicInteger calls) {
        return (ctx, request) -> {
            calls.incrementAndGet();
            return HttpResponse.of(request.aggregate()
                    .thenApply(all -> HttpResponse.of(GRPC, all.content().withEndOfStream(false), OK)));
        };
    }

    private static Endpoint nobody() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Endpoint.of("127.0.0.1", taken.getLocalPort());
        }
    }

    @Test
    void callsTakeTurns() {
        var first = new AtomicInteger();
        var second = new AtomicInteger();
        var one = TestGateway.serve(echoing(first));
        var two = TestGateway.serve(echoing(second));
        try (var gateway =
                TestGateway.before(EndpointGroup.of(TestGateway.endpoint(one), TestGateway.endpoint(two)), one, two)) {
            for (var i = 0; i < 10; i++) {
                assertThat(gateway.call("application/grpc")
                                .send(frame("x"))
                                .end()
                                .read()
                                .status())
                        .isEqualTo("0");
            }
            assertThat(first).hasValue(5);
            assertThat(second).hasValue(5);
        }
    }

    @Test
    void aCallGoesOnToAServerThatCanBeReached() throws IOException {
        var calls = new AtomicInteger();
        var server = TestGateway.serve(echoing(calls));
        try (var gateway = TestGateway.before(
                EndpointGroup.of(nobody(), nobody(), TestGateway.endpoint(server), nobody()), server)) {
            for (var i = 0; i < 20; i++) {
                var call = gateway.call("application/grpc", "grpc-timeout", "10S")
                        .send(frame("x"))
                        .end()
                        .read();
                call.headers();
                assertThat(call.data()).isEqualTo(frame("x"));
                assertThat(call.trailers().get("grpc-status")).isEqualTo("0");
            }
            assertThat(calls).hasValue(20);
        }
    }

    @Test
    void whenNoneCanBeReachedEachIsTriedOnce() throws IOException {
        try (var gateway = TestGateway.before(EndpointGroup.of(nobody(), nobody(), nobody()))) {
            assertThat(gateway.call("application/grpc")
                            .send(frame("x"))
                            .end()
                            .read()
                            .status())
                    .isEqualTo("14 upstream played: cannot be reached");
        }
    }

    @Test
    void theTimeThatWasLostIsTakenFromTheDeadline() throws IOException {
        var timeout = new AtomicReference<>("");
        var server = TestGateway.serve((ctx, request) -> {
            timeout.set(request.headers().get("grpc-timeout", ""));
            return HttpResponse.of(GRPC, HttpData.wrap(frame("x")), OK);
        });
        try (var gateway = TestGateway.before(EndpointGroup.of(nobody(), TestGateway.endpoint(server)), server)) {
            for (var i = 0; i < 2; i++) {
                assertThat(gateway.call("application/grpc", "grpc-timeout", "10S")
                                .end()
                                .read()
                                .status())
                        .isEqualTo("0");
                assertThat(GrpcTimeout.parse(Objects.requireNonNull(timeout.get())))
                        .isLessThanOrEqualTo(Duration.ofSeconds(10))
                        .isGreaterThan(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void whatAServerHasBeenSentIsNeverSentToAnother() {
        var calls = new AtomicInteger();
        HttpService resetting = (ctx, request) -> {
            calls.incrementAndGet();
            var response = HttpResponse.streaming();
            response.write(GRPC);
            var unused = request.aggregate().thenRun(() -> response.close(ClosedStreamException.get()));
            return response;
        };
        var one = TestGateway.serve(resetting);
        var two = TestGateway.serve(resetting);
        try (var gateway =
                TestGateway.before(EndpointGroup.of(TestGateway.endpoint(one), TestGateway.endpoint(two)), one, two)) {
            assertThat(gateway.call("application/grpc")
                            .send(frame("x"))
                            .end()
                            .read()
                            .status())
                    .isEqualTo("14 upstream played: the call was reset");
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void addressesThatChangeAreFollowed() {
        var first = new AtomicInteger();
        var second = new AtomicInteger();
        var one = TestGateway.serve(echoing(first));
        var two = TestGateway.serve(echoing(second));
        var endpoints = new ChangingEndpoints();
        try (var gateway = TestGateway.before(endpoints, one, two)) {
            endpoints.are(TestGateway.endpoint(one));
            assertThat(gateway.call("application/grpc").end().read().status()).isEqualTo("0");
            endpoints.are(TestGateway.endpoint(two));
            assertThat(gateway.call("application/grpc").end().read().status()).isEqualTo("0");
            assertThat(first).hasValue(1);
            assertThat(second).hasValue(1);
        }
    }

    /** Linux has all of 127.0.0.0/8 for itself; other systems may have only one address of it. */
    @Test
    void aNameIsLookedUpAgainWhenItsTimeIsOver() throws IOException {
        var first = new AtomicInteger();
        var second = new AtomicInteger();
        var one = serveAt("127.0.0.1", 0, first);
        var port = one.activeLocalPort();
        assumeTrue(isAddressHere("127.0.0.2"), "a second address of this machine");
        var two = serveAt("127.0.0.2", port, second);
        try (var dns = new PlayedDns("127.0.0.1");
                var named = DnsAddressEndpointGroup.builder("service.example")
                        .port(port)
                        .serverAddresses(dns.socketAddress())
                        .build();
                var gateway = TestGateway.before(named, one, two)) {
            assertThat(gateway.call("application/grpc").end().read().status()).isEqualTo("0");
            assertThat(first).hasValue(1);

            dns.moveTo("127.0.0.2");
            await().until(() -> named.endpoints().stream().allMatch(endpoint -> "127.0.0.2".equals(endpoint.ipAddr())));
            assertThat(gateway.call("application/grpc").end().read().status()).isEqualTo("0");
            assertThat(first).hasValue(1);
            assertThat(second).hasValue(1);
        }
    }

    private static Server serveAt(String address, int port, AtomicInteger calls) {
        var server = Server.builder()
                .http(new InetSocketAddress(address, port))
                .meterRegistry(NoopMeterRegistry.get())
                .gracefulShutdownTimeoutMillis(0, 0)
                .serviceUnder("/", echoing(calls))
                .build();
        server.start().join();
        return server;
    }

    private static boolean isAddressHere(String address) {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aServerThatIsNotWellGetsNoCallsUntilItIs() {
        var answer = new AtomicReference<>(health(1));
        var calls = new AtomicInteger();
        var checks = new AtomicInteger();
        var server = TestGateway.serve((ctx, request) -> {
            if (ctx.path().equals("/grpc.health.v1.Health/Check")) {
                checks.incrementAndGet();
                return Objects.requireNonNull(answer.get()).toHttpResponse();
            }
            return echoing(calls).serve(ctx, request);
        });
        var clients = Upstream.clientFactory().build();
        var checked = GrpcHealthChecks.of(TestGateway.endpoint(server))
                .protocol(SessionProtocol.H2C)
                .clientFactory(clients)
                .retryInterval(Duration.ofMillis(20))
                .selectionTimeout(Duration.ofMillis(100))
                .build();
        try (var gateway = TestGateway.before(checked, server, clients, checked)) {
            await().untilAsserted(() -> assertThat(checked.endpoints()).isNotEmpty());
            assertThat(gateway.call("application/grpc").end().read().status()).isEqualTo("0");

            answer.set(health(2));
            await().untilAsserted(() -> assertThat(checked.endpoints()).isEmpty());
            assertThat(gateway.call("application/grpc").end().read().status())
                    .isEqualTo("14 upstream played: no server is available");

            for (var well : List.of(health(1), unimplemented(), AggregatedHttpResponse.of(HttpStatus.NOT_FOUND))) {
                answer.set(well);
                await().untilAsserted(() -> assertThat(checked.endpoints()).isNotEmpty());
                assertThat(gateway.call("application/grpc").end().read().status())
                        .isEqualTo("0");
                answer.set(AggregatedHttpResponse.of(HttpStatus.BAD_GATEWAY));
                await().untilAsserted(() -> assertThat(checked.endpoints()).isEmpty());
            }
        }
    }

    private static AggregatedHttpResponse health(int status) {
        return AggregatedHttpResponse.of(GRPC, HttpData.wrap(new byte[] {0, 0, 0, 0, 2, 8, (byte) status}), OK);
    }

    private static AggregatedHttpResponse unimplemented() {
        return AggregatedHttpResponse.of(
                ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc", "grpc-status", "12"));
    }

    private static final class ChangingEndpoints extends DynamicEndpointGroup {
        void are(Endpoint... endpoints) {
            setEndpoints(List.of(endpoints));
        }
    }
}

package io.duplexer.bridge.gateway;

import static io.duplexer.bridge.gateway.Exchange.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.Server;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Upstreams in TLS, that want a certificate of the gateway. */
final class UpstreamTlsTest {
    private static final TlsKeyPair SERVER = TlsKeyPair.ofSelfSigned("localhost");
    private static final TlsKeyPair GATEWAY = TlsKeyPair.ofSelfSigned("gateway");

    private static String statusWith(Consumer<SslContextBuilder> tls) {
        var server = Server.builder()
                .https(0)
                .tls(SERVER)
                .tlsCustomizer(
                        context -> context.clientAuth(ClientAuth.REQUIRE).trustManager(GATEWAY.certificateChain()))
                .meterRegistry(NoopMeterRegistry.get())
                .gracefulShutdownTimeoutMillis(0, 0)
                .serviceUnder(
                        "/",
                        (ctx, request) -> HttpResponse.of(
                                ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc"),
                                HttpData.wrap(frame("x")),
                                HttpHeaders.of("grpc-status", "0")))
                .build();
        server.start().join();
        var endpoint = Endpoint.of("localhost", server.activeLocalPort()).withIpAddr("127.0.0.1");
        var upstream = Upstream.of(
                "played",
                SessionProtocol.H2,
                endpoint,
                Upstream.clientFactory().tlsCustomizer(tls).build());
        try (var gateway = TestGateway.before(upstream, server)) {
            return gateway.call("application/grpc-web").end().read().status();
        }
    }

    @Test
    void bothSidesProveWhoTheyAre() {
        assertThat(statusWith(context -> context.trustManager(SERVER.certificateChain())
                        .keyManager(GATEWAY.privateKey(), GATEWAY.certificateChain())))
                .isEqualTo("0");
    }

    @Test
    void anUpstreamThatIsNotTrustedGetsNoCall() {
        assertThat(statusWith(context -> context.keyManager(GATEWAY.privateKey(), GATEWAY.certificateChain())))
                .isEqualTo("14 upstream played: cannot be reached");
    }

    @Test
    void aGatewayWithoutACertificateIsRefused() {
        assertThat(statusWith(context -> context.trustManager(SERVER.certificateChain())))
                .startsWith("14 upstream played: ");
    }
}

package io.duplexer.app.gateway;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.dns.DnsAddressEndpointGroup;
import com.linecorp.armeria.common.SessionProtocol;
import io.duplexer.app.port.RunningServer;
import io.duplexer.app.port.StartException;
import io.duplexer.bridge.gateway.GrpcHealthChecks;
import io.duplexer.bridge.gateway.Upstream;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** The servers behind a gateway: names looked up, health checked, connections kept. */
final class Upstreams implements AutoCloseable {
    private static final Duration MAX_PING_INTERVAL = Duration.ofSeconds(10);

    private final GatewayConfig config;
    private final SessionProtocol protocol;
    private final ClientFactory clientFactory;
    private final List<EndpointGroup> open = new ArrayList<>();

    private Upstreams(GatewayConfig config, ClientFactory clientFactory) {
        this.config = config;
        this.clientFactory = clientFactory;
        protocol = config.tls() instanceof GatewayConfig.Tls.Off ? SessionProtocol.H2C : SessionProtocol.H2;
    }

    /** @throws StartException if the files of TLS cannot be used */
    static Upstreams open(GatewayConfig config) throws StartException {
        var clientFactory = Upstream.clientFactory()
                .connectTimeout(config.connectTimeout())
                .idleTimeout(config.upstreamIdleTimeout())
                .pingInterval(pingInterval(config.upstreamIdleTimeout()));
        if (config.tls() instanceof GatewayConfig.Tls.On tls) {
            requireUsable(tls);
            clientFactory.tlsCustomizer(context -> apply(tls, context));
        }
        return new Upstreams(config, clientFactory.build());
    }

    /** Armeria would not ping at all if the idle timeout were the shorter one. */
    private static Duration pingInterval(Duration idleTimeout) {
        var half = idleTimeout.dividedBy(2);
        return half.compareTo(MAX_PING_INTERVAL) < 0 ? half : MAX_PING_INTERVAL;
    }

    private static void requireUsable(GatewayConfig.Tls.On tls) throws StartException {
        try {
            var context = SslContextBuilder.forClient();
            apply(tls, context);
            context.build();
        } catch (IllegalArgumentException | SSLException e) {
            throw new StartException("--upstream-ca, --upstream-cert, --upstream-key: cannot be used: "
                    + RunningServer.rootMessage(e) + " (expected: PEM, the key as PKCS#8)");
        }
    }

    private static void apply(GatewayConfig.Tls.On tls, SslContextBuilder context) {
        if (tls.ca() != null) {
            context.trustManager(tls.ca().toFile());
        }
        if (tls.certificate() != null && tls.key() != null) {
            context.keyManager(tls.certificate().toFile(), tls.key().toFile());
        }
    }

    /** Calls take turns between the servers that are well. */
    Upstream of(List<HostAndPort> servers) {
        var name = servers.stream().map(HostAndPort::toString).collect(Collectors.joining(", "));
        return Upstream.of(
                name,
                protocol,
                checked(EndpointGroup.of(servers.stream().map(this::endpoints).toList())),
                clientFactory);
    }

    private EndpointGroup endpoints(HostAndPort server) {
        if (NetUtil.isValidIpV4Address(server.host()) || NetUtil.isValidIpV6Address(server.host())) {
            return Endpoint.of(server.host(), server.port());
        }
        return opened(DnsAddressEndpointGroup.builder(server.host())
                .port(server.port())
                .selectionTimeout(config.connectTimeout())
                .addDnsQueryListeners(new NameLookUps(server.host()))
                .build());
    }

    private EndpointGroup checked(EndpointGroup endpoints) {
        if (config.healthCheckInterval().isZero()) {
            return endpoints;
        }
        return opened(GrpcHealthChecks.of(endpoints)
                .protocol(protocol)
                .clientFactory(clientFactory)
                .retryInterval(config.healthCheckInterval())
                .timeout(config.healthCheckInterval())
                .selectionTimeout(config.connectTimeout())
                .build());
    }

    private EndpointGroup opened(EndpointGroup endpoints) {
        open.add(endpoints);
        return endpoints;
    }

    /** Does not wait for connections to be closed. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void close() {
        open.forEach(EndpointGroup::closeAsync);
        clientFactory.closeAsync();
    }
}

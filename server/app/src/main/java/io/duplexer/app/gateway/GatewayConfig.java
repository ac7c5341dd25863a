package io.duplexer.app.gateway;

import io.duplexer.app.port.PortConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a gateway, checked. The command line has their defaults and their meaning.
 *
 * @param upstreams by the prefix of the paths that they serve
 * @param healthCheckInterval zero for no health checks
 * @param connectTimeout of a connection to an upstream
 * @param page whether the demo page is served
 */
public record GatewayConfig(
        PortConfig port,
        Map<String, List<HostAndPort>> upstreams,
        Tls tls,
        Duration healthCheckInterval,
        Duration connectTimeout,
        Duration upstreamIdleTimeout,
        int maxCalls,
        boolean page) {
    /** The prefix of those that serve whatever no other prefix is for. */
    public static final String ALL = "/";

    public GatewayConfig {
        upstreams = Map.copyOf(upstreams);
    }

    /** How upstreams are spoken to. */
    public sealed interface Tls {
        /** HTTP/2 in plain text. */
        record Off() implements Tls {}

        /**
         * TLS.
         *
         * @param ca whom to trust; null for the system's certificates
         * @param certificate to show, with its key; null for none
         */
        record On(
                @Nullable Path ca,
                @Nullable Path certificate,
                @Nullable Path key) implements Tls {}
    }
}

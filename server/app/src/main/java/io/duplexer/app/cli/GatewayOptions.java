package io.duplexer.app.cli;

import io.duplexer.app.gateway.GatewayConfig;
import io.duplexer.app.gateway.HostAndPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the gateway. Every default of it is pinned here, or in {@link PortOptions}, and nowhere else. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 100,
        abbreviateSynopsis = true,
        headerHeading = "",
        header = {"Brings gRPC, gRPC-Web and gRPC over WebSocket to gRPC servers in any language.", ""},
        description = "Serves, on one port, whatever the servers behind it serve.",
        optionListHeading = "%n",
        footer = {
            "",
            "Each option can also be set by an environment variable of its name: DUPLEXER_UPSTREAM for --upstream.",
            "The command line wins. Sizes are bytes, or take KiB and MiB (64KiB); durations take ms, s, m, h and d (25s)."
        })
final class GatewayOptions {
    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Option(
            names = "--upstream",
            paramLabel = "HOST:PORT",
            split = ",",
            converter = Address.class,
            description =
                    "A gRPC server that serves whatever no --route is for; repeatable, calls take turns. All addresses of a name are used, and looked up again.")
    private List<HostAndPort> upstreams = List.of();

    @Option(
            names = "--route",
            paramLabel = "PREFIX=HOST:PORT",
            split = ",",
            converter = Route.Converter.class,
            description =
                    "A gRPC server for the paths that start so, like /package.Service/=127.0.0.1:50051; the longest prefix counts; repeatable.")
    private List<Route> routes = List.of();

    @Option(
            names = "--upstream-tls",
            description = "Speak TLS to all upstreams, whose certificates must name their hosts.")
    private boolean upstreamTls;

    @Option(
            names = "--upstream-ca",
            paramLabel = "FILE",
            description = "Certificates in PEM to trust upstreams by, instead of the system's; implies --upstream-tls.")
    private @Nullable Path upstreamCa;

    @Option(
            names = "--upstream-cert",
            paramLabel = "FILE",
            description = "Certificate chain in PEM that upstreams are shown; implies --upstream-tls.")
    private @Nullable Path upstreamCertificate;

    @Option(
            names = "--upstream-key",
            paramLabel = "FILE",
            description = "Private key of --upstream-cert in PEM (PKCS#8, not encrypted).")
    private @Nullable Path upstreamKey;

    @Option(
            names = "--health-check-interval",
            paramLabel = "DURATION",
            defaultValue = "3s",
            converter = ShortDuration.class,
            description =
                    "How often upstreams are asked by gRPC's health protocol; one that does not answer within as long, or is not serving, gets no calls; 0s: never. Default: ${DEFAULT-VALUE}")
    private Duration healthCheckInterval = Duration.ZERO;

    @Option(
            names = "--connect-timeout",
            paramLabel = "DURATION",
            defaultValue = "3s",
            converter = ShortDuration.class,
            description =
                    "How long a connection to an upstream may take to open, and a call may wait for an upstream that is well. Longer: another one, or UNAVAILABLE. Default: ${DEFAULT-VALUE}")
    private Duration connectTimeout = Duration.ZERO;

    @Option(
            names = "--upstream-idle-timeout",
            paramLabel = "DURATION",
            defaultValue = "1m",
            converter = ShortDuration.class,
            description = "How long a connection to an upstream is kept without a call. Default: ${DEFAULT-VALUE}")
    private Duration upstreamIdleTimeout = Duration.ZERO;

    @Option(
            names = "--max-calls",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Calls at once. More: RESOURCE_EXHAUSTED. Default: ${DEFAULT-VALUE}")
    private int maxCalls;

    @Option(names = "--page", description = "Serve the demo page, with the chat of the duplexer that --upstream names.")
    private boolean page;

    @Mixin
    private final PortOptions port = new PortOptions();

    /**
     * The settings, checked.
     *
     * @throws ParameterException if one is wrong; the text names the option
     */
    GatewayConfig toConfig() {
        var checks = new Checks(spec);
        if (upstreams.isEmpty() && routes.isEmpty()) {
            throw checks.wrong("--upstream", "missing", "HOST:PORT of a gRPC server, or a --route");
        }
        if (page && upstreams.isEmpty()) {
            throw checks.wrong("--page", "without --upstream", "the address of a duplexer, which has the chat");
        }
        checks.requireAtLeast("--health-check-interval", healthCheckInterval, Duration.ZERO);
        checks.requireAtLeast("--connect-timeout", connectTimeout, Duration.ofMillis(1));
        checks.requireAtLeast("--upstream-idle-timeout", upstreamIdleTimeout, Duration.ofSeconds(2));
        checks.require("--max-calls", maxCalls, 1, 1_000_000);
        return new GatewayConfig(
                port.toConfig(),
                byPrefix(checks),
                tls(checks),
                healthCheckInterval,
                connectTimeout,
                upstreamIdleTimeout,
                maxCalls,
                page);
    }

    private Map<String, List<HostAndPort>> byPrefix(Checks checks) {
        var byPrefix = new TreeMap<String, List<HostAndPort>>();
        if (!upstreams.isEmpty()) {
            byPrefix.put(GatewayConfig.ALL, List.copyOf(upstreams));
        }
        for (var route : routes) {
            if (route.prefix().equals(GatewayConfig.ALL)) {
                throw checks.wrong("--route", GatewayConfig.ALL, "/package.Service/; --upstream is for all the rest");
            }
            byPrefix.merge(route.prefix(), List.of(route.upstream()), GatewayOptions::concat);
        }
        return byPrefix;
    }

    private static List<HostAndPort> concat(List<HostAndPort> some, List<HostAndPort> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private GatewayConfig.Tls tls(Checks checks) {
        if (upstreamCa != null) {
            checks.requireReadable("--upstream-ca", upstreamCa);
        }
        checks.requirePair("--upstream-cert", upstreamCertificate, "--upstream-key", upstreamKey);
        return upstreamTls || upstreamCa != null || upstreamCertificate != null
                ? new GatewayConfig.Tls.On(upstreamCa, upstreamCertificate, upstreamKey)
                : new GatewayConfig.Tls.Off();
    }
}

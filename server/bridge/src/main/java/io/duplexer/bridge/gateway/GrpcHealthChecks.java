package io.duplexer.bridge.gateway;

import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.healthcheck.AbstractHealthCheckedEndpointGroupBuilder;
import com.linecorp.armeria.client.endpoint.healthcheck.HealthCheckerContext;
import com.linecorp.armeria.common.util.AsyncCloseable;
import java.time.Duration;
import java.util.function.Function;

/**
 * Takes endpoints out of a group, and back in, by gRPC's health protocol: each is asked for the health of the whole server
 * every now and then. One that has no health service counts as healthy as long as it answers.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/health-checking.md">GRPC Health Checking Protocol</a>
 */
public final class GrpcHealthChecks extends AbstractHealthCheckedEndpointGroupBuilder<GrpcHealthChecks> {
    private Duration timeout = Duration.ofSeconds(3);

    private GrpcHealthChecks(EndpointGroup endpoints) {
        super(endpoints);
    }

    /** Checks every 3 s, with up to a fifth more or less so that gateways do not ask all at once. */
    public static GrpcHealthChecks of(EndpointGroup endpoints) {
        return new GrpcHealthChecks(endpoints);
    }

    /** How long an endpoint may take to answer. Longer: it is taken out. Default: 3 s. */
    public GrpcHealthChecks timeout(Duration newTimeout) {
        timeout = newTimeout;
        return this;
    }

    @Override
    protected Function<? super HealthCheckerContext, ? extends AsyncCloseable> newCheckerFactory() {
        return ctx -> GrpcHealthChecker.start(ctx, timeout);
    }
}

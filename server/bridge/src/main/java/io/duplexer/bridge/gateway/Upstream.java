package io.duplexer.bridge.gateway;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.ClientFactoryOptions;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.EventLoopScheduler;
import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.common.util.ReleasableHolder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.bridge.websocket.FlushPerTurn;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC servers behind a gateway that serve the same services: some endpoints, and how they are spoken to.
 *
 * <p>Whatever Armeria has for endpoints works here: a fixed list, DNS names that are looked up again, {@linkplain
 * GrpcHealthChecks health checks}; so do its settings for connections, TLS and client certificates included.
 */
public final class Upstream {
    private static final Logger logger = LoggerFactory.getLogger(Upstream.class);

    /** What the gateway holds for a client that does not read, and a stream's share of a connection's window. */
    private static final int STREAM_WINDOW_BYTES = 256 * 1024;
    /** So that 64 clients that do not read cannot hold up the others on the same connection. */
    private static final int CONNECTION_WINDOW_BYTES = 64 * STREAM_WINDOW_BYTES;

    private final String name;
    private final SessionProtocol protocol;
    private final EndpointGroup endpoints;
    private final ClientFactory clientFactory;
    private final WebClient client;

    private Upstream(String name, SessionProtocol protocol, EndpointGroup endpoints, ClientFactory clientFactory) {
        this.name = name;
        this.protocol = protocol;
        this.endpoints = endpoints;
        this.clientFactory = clientFactory;
        client = client(endpoints);
    }

    /**
     * The upstream at some endpoints, between which calls take turns as the group's strategy says.
     *
     * @param name in messages to clients, when a call fails: what the operator calls it
     * @param protocol {@link SessionProtocol#H2C}, or {@link SessionProtocol#H2} for TLS
     * @param endpoints closed by whoever made them
     * @param clientFactory made by {@link #clientFactory()}, and closed by whoever made it
     */
    public static Upstream of(
            String name, SessionProtocol protocol, EndpointGroup endpoints, ClientFactory clientFactory) {
        if (!protocol.isExplicitHttp2()) {
            throw new IllegalArgumentException("protocol: " + protocol + " (expected: h2c or h2)");
        }
        return new Upstream(name, protocol, endpoints, clientFactory);
    }

    /**
     * Settings of connections to start from: a connection is opened within 3 s, closed after 60 s without a call, and
     * given up when it does not answer a ping in time, sent every 10 s while nothing else comes. Each event loop of the
     * server has connections of its own, so that a call stays on one thread.
     *
     * <p>Whoever shortens the idle timeout has to shorten the ping interval with it: Armeria sends no pings at all where
     * they would not come before it.
     */
    public static ClientFactoryBuilder clientFactory() {
        return ClientFactory.builder()
                .eventLoopSchedulerFactory(Upstream::onTheLoopOfTheCall)
                .http2InitialStreamWindowSize(STREAM_WINDOW_BYTES)
                .http2InitialConnectionWindowSize(CONNECTION_WINDOW_BYTES)
                .connectTimeout(Duration.ofSeconds(3))
                .idleTimeout(Duration.ofSeconds(60))
                .pingInterval(Duration.ofSeconds(10))
                .option(ClientFactoryOptions.CHANNEL_PIPELINE_CUSTOMIZER, FlushPerTurn::addTo)
                .meterRegistry(NoopMeterRegistry.get());
    }

    private static EventLoopScheduler onTheLoopOfTheCall(EventLoopGroup others) {
        return (protocol, endpoints, endpoint) -> {
            var call = ServiceRequestContext.currentOrNull();
            return new Loop(call == null ? others.next() : call.eventLoop().withoutContext());
        };
    }

    private record Loop(EventLoop get) implements ReleasableHolder<EventLoop> {
        @Override
        public void release() {}
    }

    /** What the operator calls it. */
    public String name() {
        return name;
    }

    /** As given. */
    public SessionProtocol protocol() {
        return protocol;
    }

    /** As given. */
    public EndpointGroup endpoints() {
        return endpoints;
    }

    /** As given. */
    public ClientFactory factory() {
        return clientFactory;
    }

    /**
     * Sends a request as it is. It is answered with 503 if no server can be reached.
     *
     * @param ctx of the request of a client that it is made for
     */
    @SuppressWarnings("try") // The scope of a pushed context is never referenced.
    HttpResponse forward(ServiceRequestContext ctx, HttpRequest request) {
        try (var ignored = ctx.push()) {
            return client.execute(request).recover(UnprocessedRequestException.class, cause -> {
                logger.debug("{} upstream {} failed", ctx, name, cause);
                return HttpResponse.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        MediaType.PLAIN_TEXT_UTF_8,
                        Failure.of(this, cause).message());
            });
        }
    }

    WebClient client() {
        return client;
    }

    /** A client for an endpoint that is none of those, or null if there is no other. */
    @Nullable
    WebClient clientOfAnother(Collection<Endpoint> tried) {
        List<Endpoint> others = endpoints.endpoints().stream()
                .filter(endpoint -> !tried.contains(endpoint))
                .toList();
        return others.isEmpty()
                ? null
                : client(others.get(ThreadLocalRandom.current().nextInt(others.size())));
    }

    /** Streams are as long as they are; the gateway looks after the time that a call may take. */
    private WebClient client(EndpointGroup group) {
        return WebClient.builder(protocol, group)
                .factory(clientFactory)
                .responseTimeoutMode(ResponseTimeoutMode.CONNECTION_ACQUIRED)
                .responseTimeoutMillis(0)
                .maxResponseLength(0)
                .build();
    }

    @Override
    public String toString() {
        return name;
    }
}

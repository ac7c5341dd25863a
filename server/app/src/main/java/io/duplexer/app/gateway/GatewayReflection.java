package io.duplexer.app.gateway;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.grpc.GrpcClientBuilder;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.Scheme;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import io.duplexer.bridge.gateway.Gateway;
import io.duplexer.bridge.gateway.Upstream;
import io.grpc.Channel;
import io.grpc.reflection.v1.ServerReflectionGrpc.ServerReflectionStub;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where a gateway's documentation asks, which services it shows of whom, and how it calls them. */
final class GatewayReflection {
    /** For a call from a form, which has no deadline of its own. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private GatewayReflection() {}

    /** A channel to each upstream, with those services that the gateway calls there. */
    static Map<Channel, Predicate<String>> channels(
            Gateway gateway, Collection<Upstream> upstreams, int maxMessageBytes) {
        var channels = new HashMap<Channel, Predicate<String>>();
        upstreams.forEach(upstream -> channels.put(
                channel(upstream, maxMessageBytes), service -> upstream.equals(gateway.upstream("/" + service + "/"))));
        return channels;
    }

    private static Channel channel(Upstream upstream, int maxMessageBytes) {
        return channel(GrpcClients.builder(scheme(upstream.protocol()), upstream.endpoints())
                .factory(upstream.factory())
                .maxResponseMessageLength(maxMessageBytes));
    }

    /**
     * To the gateway itself, without a connection: what a form calls is routed, limited and counted as any other call, and
     * its headers go with it.
     */
    static Channel through(Gateway gateway, int maxMessageBytes) {
        return channel(GrpcClients.builder(scheme(SessionProtocol.H2C), Endpoint.of("gateway"))
                .maxResponseMessageLength(maxMessageBytes)
                .decorator((connection, ctx, call) -> {
                    var form = Objects.requireNonNull(ctx.root(), "a call outside of a request");
                    return gateway.serve(form, call.withHeaders(withHeadersOf(form.request(), call.headers())));
                }));
    }

    private static RequestHeaders withHeadersOf(@Nullable HttpRequest form, RequestHeaders call) {
        var headers = call.toBuilder();
        if (form != null) {
            form.headers().forEach((name, value) -> {
                if (!call.contains(name)) {
                    headers.add(name, value);
                }
            });
        }
        return headers.build();
    }

    private static Scheme scheme(SessionProtocol protocol) {
        return Scheme.of(GrpcSerializationFormats.PROTO, protocol);
    }

    private static Channel channel(GrpcClientBuilder client) {
        return client.responseTimeout(TIMEOUT).build(ServerReflectionStub.class).getChannel();
    }
}

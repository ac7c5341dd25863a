package io.duplexer.app.gateway;

import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.Scheme;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import io.duplexer.bridge.gateway.Upstream;
import io.grpc.Channel;
import io.grpc.reflection.v1.ServerReflectionGrpc.ServerReflectionStub;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Where a gateway's documentation asks, and which services it shows of whom. */
final class GatewayReflection {
    /** For a call from a form, which has no deadline of its own. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private GatewayReflection() {}

    /** A channel to each upstream, with those services that its prefix is the longest for. */
    static Map<Channel, Predicate<String>> channels(Map<String, Upstream> byPrefix, int maxMessageBytes) {
        var channels = new HashMap<Channel, Predicate<String>>();
        byPrefix.forEach((prefix, upstream) -> channels.put(
                channel(upstream, maxMessageBytes),
                service -> prefix.equals(longestPrefix(byPrefix, "/" + service + "/"))));
        return channels;
    }

    private static String longestPrefix(Map<String, Upstream> byPrefix, String path) {
        return byPrefix.keySet().stream()
                .filter(path::startsWith)
                .max((one, other) -> Integer.compare(one.length(), other.length()))
                .orElse("");
    }

    private static Channel channel(Upstream upstream, int maxMessageBytes) {
        return GrpcClients.builder(Scheme.of(GrpcSerializationFormats.PROTO, upstream.protocol()), upstream.endpoints())
                .factory(upstream.factory())
                .responseTimeout(TIMEOUT)
                .maxResponseMessageLength(maxMessageBytes)
                .build(ServerReflectionStub.class)
                .getChannel();
    }
}

package io.duplexer.bridge.websocket;

import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may open a WebSocket (RFC 6455, section 10.2). Browsers send cookies along with a handshake to any site,
 * so that the server must look at {@code Origin}. What is not allowed is refused with 403.
 */
@FunctionalInterface
public interface OriginPolicy {
    /**
     * Whether the handshake may proceed.
     *
     * @param origin the {@code Origin} header as it was sent, or null if there is none, as from clients that are not
     *     browsers
     */
    boolean allows(ServiceRequestContext ctx, @Nullable String origin);

    /**
     * Allows pages of the server's own origin (scheme, host and port, RFC 6454) and requests without {@code Origin}.
     * Behind a proxy that ends TLS or changes {@code Host}, name the public origin with {@link #allowList} instead.
     */
    static OriginPolicy sameOrigin() {
        return (ctx, origin) -> origin == null || Origin.parse(origin).equals(Origin.ofServer(ctx));
    }

    /**
     * Allows the listed origins and requests without {@code Origin}.
     *
     * @param origins such as {@code https://chat.example} or {@code http://localhost:5173}; {@code *} stands for all
     * @throws IllegalArgumentException if one is not an origin
     */
    static OriginPolicy allowList(String... origins) {
        if (Arrays.asList(origins).contains("*")) {
            return (ctx, origin) -> true;
        }
        Set<Origin> allowed =
                Arrays.stream(origins).map(OriginPolicy::requireOrigin).collect(Collectors.toUnmodifiableSet());
        return (ctx, origin) -> origin == null || allowed.contains(Origin.parse(origin));
    }

    /** Allows what the predicate does, and requests without {@code Origin}. It sees the header as it was sent. */
    static OriginPolicy predicate(Predicate<? super String> predicate) {
        return (ctx, origin) -> origin == null || predicate.test(origin);
    }

    /** Allows what either policy allows. */
    default OriginPolicy or(OriginPolicy other) {
        return (ctx, origin) -> allows(ctx, origin) || other.allows(ctx, origin);
    }

    /** Allows what this policy allows, except for requests without {@code Origin}. */
    default OriginPolicy requireOrigin() {
        return (ctx, origin) -> origin != null && allows(ctx, origin);
    }

    private static Origin requireOrigin(String text) {
        Origin origin = Origin.parse(text);
        if (origin.isOpaque()) {
            throw new IllegalArgumentException("origin: " + text + " (expected: scheme://host[:port] or *)");
        }
        return origin;
    }
}

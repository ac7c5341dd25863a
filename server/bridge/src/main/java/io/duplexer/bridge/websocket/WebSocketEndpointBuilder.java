package io.duplexer.bridge.websocket;

import com.linecorp.armeria.server.HttpService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a {@link WebSocketEndpoint}. */
public final class WebSocketEndpointBuilder {
    private final WebSocketHandler handler;
    private @Nullable HttpService fallback;
    private List<String> subprotocols = List.of();
    private boolean subprotocolRequired;
    private OriginPolicy origins = OriginPolicy.sameOrigin();
    private WebSocketConfig config = WebSocketConfig.DEFAULT;

    WebSocketEndpointBuilder(WebSocketHandler handler) {
        this.handler = handler;
    }

    /**
     * What serves the requests that do not ask for a WebSocket, with the timeout and length limits that it would have by
     * itself: those of the route, or else its own, or else those of the host. By default a GET is answered with 426,
     * anything else with 405.
     */
    public WebSocketEndpointBuilder fallback(HttpService service) {
        fallback = service;
        return this;
    }

    /**
     * The subprotocols to choose from, the preferred first (RFC 6455, section 1.9). None by default. They are compared
     * without regard to case and answered as the client wrote them, which browsers insist on.
     *
     * @throws IllegalArgumentException if one is not an HTTP token
     */
    public WebSocketEndpointBuilder subprotocols(String... names) {
        subprotocols = Subprotocols.requireTokens(List.of(names));
        return this;
    }

    /**
     * Whether handshakes that offer none of the {@linkplain #subprotocols subprotocols} are refused with 400. By default
     * they are not, and the session has no subprotocol.
     */
    public WebSocketEndpointBuilder requireSubprotocol(boolean required) {
        subprotocolRequired = required;
        return this;
    }

    /** Which pages may connect; others get 403. By default those of the server's own origin. */
    public WebSocketEndpointBuilder origins(OriginPolicy policy) {
        origins = policy;
        return this;
    }

    /** The limits; {@link WebSocketConfig#DEFAULT} by default. */
    public WebSocketEndpointBuilder config(WebSocketConfig newConfig) {
        config = newConfig;
        return this;
    }

    public WebSocketEndpoint build() {
        if (subprotocolRequired && subprotocols.isEmpty()) {
            throw new IllegalStateException("requireSubprotocol: true (expected: at least one subprotocol)");
        }
        Subprotocols choice = new Subprotocols(subprotocols, subprotocolRequired);
        return new WebSocketEndpoint(handler, fallback, choice, origins, config);
    }
}

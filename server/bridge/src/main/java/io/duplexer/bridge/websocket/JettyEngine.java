package io.duplexer.bridge.websocket;

import java.net.URI;
import java.util.List;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.ExtensionConfig;
import org.eclipse.jetty.websocket.core.ExtensionStack;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConstants;
import org.jspecify.annotations.Nullable;

/** What all Jetty sessions of this process share: pools of buffers, inflaters and deflaters. No thread. */
final class JettyEngine {
    private static final URI ANY_URI = URI.create("ws://unused/");
    private static final WebSocketComponents COMPONENTS = start();

    private JettyEngine() {}

    static WebSocketComponents components() {
        return COMPONENTS;
    }

    /** A fresh negotiation result for one connection. */
    static Negotiated negotiated(@Nullable String subprotocol, @Nullable ExtensionConfig compression) {
        List<ExtensionConfig> extensions = compression == null ? List.of() : List.of(compression);
        ExtensionStack stack = new ExtensionStack(COMPONENTS, Behavior.SERVER);
        stack.negotiate(extensions, extensions);
        // Jetty only shows the URI to applications; ours see the request itself.
        return new Negotiated(ANY_URI, subprotocol, false, stack, WebSocketConstants.SPEC_VERSION_STRING);
    }

    private static WebSocketComponents start() {
        try {
            // Each session brings its own executor, its event loop; without one here Jetty would make a thread pool.
            WebSocketComponents components = new WebSocketComponents(null, null, null, null, null, Runnable::run);
            components.start();
            return components;
        } catch (Exception e) {
            throw new IllegalStateException("Jetty's WebSocket components do not start", e);
        }
    }
}

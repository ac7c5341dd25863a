package io.duplexer.bridge.websocket;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.core.ExtensionConfig;
import org.jspecify.annotations.Nullable;

/**
 * Negotiates permessage-deflate (RFC 7692, section 7.1) and counts the connections that use it. A client may make
 * several offers, the preferred first; the first one that can be met is accepted. Jetty's deflater always has a window
 * of 15 bits, so that offers of a smaller server window are declined.
 */
final class CompressionNegotiator {
    private static final String NAME = "permessage-deflate";

    private final WebSocketCompression settings;
    private final AtomicInteger compressing = new AtomicInteger();

    CompressionNegotiator(WebSocketCompression settings) {
        this.settings = settings;
    }

    /** Compression as agreed on for one connection, which counts until it is released. */
    final class Agreement {
        private final ExtensionConfig config;
        private final String headerValue;

        private Agreement(ExtensionConfig config, String headerValue) {
            this.config = config;
            this.headerValue = headerValue;
        }

        /** What Jetty's extension is set up with. */
        ExtensionConfig config() {
            return config;
        }

        /** What the client is answered. */
        String headerValue() {
            return headerValue;
        }

        int minMessageBytes() {
            return settings.minMessageBytes();
        }

        /** To be called once. */
        void release() {
            compressing.decrementAndGet();
        }
    }

    /**
     * Returns null if the connection is not to be compressed.
     *
     * @throws IllegalArgumentException if the headers do not conform to their grammar
     */
    @Nullable
    Agreement negotiate(List<String> extensionHeaders) {
        for (ExtensionOffer offer : ExtensionOffer.parseAll(extensionHeaders)) {
            Map<String, @Nullable String> answer = answer(offer);
            if (answer != null) {
                return tryAcquire() ? agreement(answer) : null;
            }
        }
        return null;
    }

    private boolean tryAcquire() {
        if (compressing.incrementAndGet() <= settings.maxConnections()) {
            return true;
        }
        compressing.decrementAndGet();
        return false;
    }

    private Agreement agreement(Map<String, @Nullable String> answer) {
        ExtensionConfig config = new ExtensionConfig(NAME, answer);
        return new Agreement(config, config.getParameterizedName());
    }

    /** The parameters to answer an offer with, or null to decline it. Unknown parameters decline (section 7). */
    private static @Nullable Map<String, @Nullable String> answer(ExtensionOffer offer) {
        if (!NAME.equalsIgnoreCase(offer.name())) {
            return null;
        }
        Map<String, @Nullable String> answer = new HashMap<>();
        for (Map.Entry<String, @Nullable String> parameter : offer.parameters().entrySet()) {
            String value = parameter.getValue();
            boolean acceptable = switch (parameter.getKey()) {
                case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
                case "client_max_window_bits" -> value == null || isWindowBits(value);
                case "server_max_window_bits" -> "15".equals(value);
                default -> false;
            };
            if (!acceptable) {
                return null;
            }
            // What the client's own window may be is a hint that needs no answer (section 7.1.2.2).
            if (!parameter.getKey().equals("client_max_window_bits")) {
                answer.put(parameter.getKey(), value);
            }
        }
        return answer;
    }

    private static boolean isWindowBits(String value) {
        return value.matches("[89]|1[0-5]");
    }
}

package io.duplexer.bridge.websocket;

import com.linecorp.armeria.server.ServiceRequestContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * The triple of RFC 6454, section 4, in its canonical form: lower case, with the port always there. What cannot be read
 * as one, the {@code null} of sandboxed pages included, is opaque, and an opaque origin equals no other that counts.
 */
record Origin(String scheme, String host, int port) {
    private static final Origin OPAQUE = new Origin("", "", -1);

    static Origin parse(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            String host = uri.getHost();
            boolean onlyOrigin = uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && "".equals(uri.getRawPath());
            if (scheme == null || host == null || !onlyOrigin) {
                return OPAQUE;
            }
            return of(scheme, host, uri.getPort());
        } catch (URISyntaxException e) {
            return OPAQUE;
        }
    }

    /** Where the request was sent to, as the client sees it. */
    static Origin ofServer(ServiceRequestContext ctx) {
        String scheme = ctx.sessionProtocol().isTls() ? "https" : "http";
        Origin origin = parse(scheme + "://" + ctx.request().headers().authority());
        // Distinct from an opaque Origin header, which must not pass for the same origin.
        return origin.isOpaque() ? new Origin(scheme, "", -1) : origin;
    }

    boolean isOpaque() {
        return equals(OPAQUE);
    }

    private static Origin of(String scheme, String host, int port) {
        String lowerScheme = scheme.toLowerCase(Locale.ROOT);
        return new Origin(lowerScheme, host.toLowerCase(Locale.ROOT), port >= 0 ? port : defaultPort(lowerScheme));
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http", "ws" -> 80;
            case "https", "wss" -> 443;
            default -> -1;
        };
    }
}

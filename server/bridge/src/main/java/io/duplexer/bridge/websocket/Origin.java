package io.duplexer.bridge.websocket;

import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The triple of RFC 6454, section 4, in its canonical form: lower case, with the port always there. What cannot be read
 * as one, the {@code null} of sandboxed pages included, is opaque, and an opaque origin equals no other that counts.
 */
record Origin(String scheme, String host, int port) {
    private static final Origin OPAQUE = new Origin("", "", -1);

    /** Not {@code java.net.URI}, which knows no host with an underscore; browsers and private networks do. */
    private static final Pattern TEXT = Pattern.compile(
            "(?<scheme>[a-z][a-z0-9+.-]*)://(?<host>\\[[0-9a-f:.]+]|[^\\s/?#@:\\[\\]]+)(?::(?<port>\\d{1,5}))?",
            Pattern.CASE_INSENSITIVE);

    static Origin parse(String text) {
        Matcher origin = TEXT.matcher(text);
        if (!origin.matches()) {
            return OPAQUE;
        }
        String scheme = origin.group("scheme").toLowerCase(Locale.ROOT);
        String port = origin.group("port");
        return new Origin(
                scheme,
                origin.group("host").toLowerCase(Locale.ROOT),
                port == null ? defaultPort(scheme) : Integer.parseInt(port));
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

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http", "ws" -> 80;
            case "https", "wss" -> 443;
            default -> -1;
        };
    }
}

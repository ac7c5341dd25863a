package io.duplexer.bridge.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The encoding of {@code grpc-message} (PROTOCOL-HTTP2, "Percent-Encoded"). */
public final class PercentEncoding {
    private PercentEncoding() {}

    /** Returns {@code message} as it travels in the header. */
    public static String encode(String message) {
        var encoded = new StringBuilder(message.length());
        for (var unsigned : message.getBytes(UTF_8)) {
            if (unsigned >= ' ' && unsigned <= '~' && unsigned != '%') {
                encoded.append((char) unsigned);
            } else {
                encoded.append(String.format("%%%02X", unsigned & 0xff));
            }
        }
        return encoded.toString();
    }
}

package io.duplexer.bridge.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a subprotocol (RFC 6455, section 4.2.2).
 *
 * @param names what the endpoint speaks, the preferred first
 * @param required whether a handshake without any of them is refused
 */
record Subprotocols(List<String> names, boolean required) {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /**
     * The chosen subprotocol.
     *
     * @param name as the endpoint was configured with it
     * @param asOffered as the client wrote it, which is what it must be answered with
     */
    record Choice(String name, String asOffered) {}

    static List<String> requireTokens(List<String> names) {
        for (String name : names) {
            if (!TOKEN.matcher(name).matches()) {
                throw new IllegalArgumentException("subprotocol: " + name + " (expected: an HTTP token)");
            }
        }
        return names;
    }

    /** Returns null if nothing is in common. */
    @Nullable
    Choice choose(List<String> headerValues) {
        List<String> offers = new ArrayList<>();
        for (String value : headerValues) {
            for (String offer : value.split(",", -1)) {
                offers.add(offer.strip());
            }
        }
        for (String name : names) {
            for (String offer : offers) {
                if (name.equalsIgnoreCase(offer)) {
                    return new Choice(name, offer);
                }
            }
        }
        return null;
    }
}

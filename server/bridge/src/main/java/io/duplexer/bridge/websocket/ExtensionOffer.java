package io.duplexer.bridge.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One extension of {@code Sec-WebSocket-Extensions} (RFC 6455, section 9.1).
 *
 * @param name the extension's name in any case
 * @param parameters by name; null for those without a value
 */
record ExtensionOffer(String name, Map<String, @Nullable String> parameters) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern NAME = Pattern.compile("\\s*(" + TOKEN + ")\\s*");
    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*(" + TOKEN + ")\\s*(?:=\\s*(?:(" + TOKEN + ")|\"(" + TOKEN + ")\")\\s*)?");

    /**
     * Reads the headers' values, in order.
     *
     * @throws IllegalArgumentException if one does not conform to the grammar, which must fail the handshake
     */
    static List<ExtensionOffer> parseAll(List<String> headerValues) {
        List<ExtensionOffer> offers = new ArrayList<>();
        for (String value : headerValues) {
            for (String offer : value.split(",", -1)) {
                if (!offer.isBlank()) {
                    offers.add(parse(offer));
                }
            }
        }
        return offers;
    }

    private static ExtensionOffer parse(String text) {
        Matcher name = NAME.matcher(text);
        if (!name.lookingAt()) {
            throw malformed(text);
        }
        Map<String, @Nullable String> parameters = new HashMap<>();
        Matcher parameter = PARAMETER.matcher(text);
        int end = name.end();
        while (end < text.length()) {
            parameter.region(end, text.length());
            if (!parameter.lookingAt() || parameters.containsKey(parameter.group(1))) {
                throw malformed(text);
            }
            String token = parameter.group(2);
            parameters.put(parameter.group(1), token == null ? parameter.group(3) : token);
            end = parameter.end();
        }
        return new ExtensionOffer(name.group(1), parameters);
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("extension: " + text + " (expected: name; parameter=value)");
    }
}

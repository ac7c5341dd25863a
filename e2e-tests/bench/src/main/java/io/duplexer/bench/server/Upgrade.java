package io.duplexer.bench.server;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client's opening handshake in HTTP/1.1 (RFC 6455, section 4), and what it is in HTTP/2 (RFC 8441, section 5). */
record Upgrade(String path, Map<String, String> headers) {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final List<String> PASSED_ON = List.of(
            "origin", "user-agent", "sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions");

    static Upgrade read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no handshake");
            }
            head.append((char) next);
        }
        String[] lines = head.toString().split("\r\n", -1);
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return new Upgrade(lines[0].split(" ", -1)[1], headers);
    }

    RequestHeaders toConnect() {
        RequestHeadersBuilder connect =
                RequestHeaders.builder(HttpMethod.CONNECT, path).add(HttpHeaderNames.PROTOCOL, "websocket");
        headers.forEach((name, value) -> {
            if (PASSED_ON.contains(name)) {
                connect.add(name, value);
            }
        });
        return connect.build();
    }

    String answer(ResponseHeaders response) {
        StringBuilder answer =
                new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
        answer.append("Sec-WebSocket-Accept: ").append(accept()).append("\r\n");
        for (String name : List.of("sec-websocket-protocol", "sec-websocket-extensions")) {
            response.getAll(name)
                    .forEach(value ->
                            answer.append(name).append(": ").append(value).append("\r\n"));
        }
        return answer.append("\r\n").toString();
    }

    private String accept() {
        try {
            byte[] key = (headers.get("sec-websocket-key") + GUID).getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

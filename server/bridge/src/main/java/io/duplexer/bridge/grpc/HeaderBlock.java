package io.duplexer.bridge.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Blocks of headers as they travel in messages.
 *
 * <pre>
 * client to server, the first message:    key: value\r\n ...
 * server to client, headers or trailers:  0x80 | length, 4 bytes | key: value\r\n ...
 * </pre>
 *
 * Pure: bytes in and out.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md">PROTOCOL-WEB</a>
 */
public final class HeaderBlock {
    /** The longest first message, as Armeria's own limit of HTTP/1.1 headers. */
    static final int MAX_BYTES = 8192;

    private static final byte HEADERS_FLAG = (byte) 0x80;
    private static final int PREFIX_BYTES = 5;
    private static final Pattern LINE_END = Pattern.compile("\r?\n");

    /** A first message that holds no headers. The text is for the developer of the client. */
    static final class MalformedException extends Exception {
        MalformedException(String message) {
            super(message, null, false, false);
        }
    }

    private HeaderBlock() {}

    /** Reads the headers of a first message. Names come out in lower case. */
    static HttpHeaders parse(byte[] message) throws MalformedException {
        var headers = HttpHeaders.builder();
        for (var line : LINE_END.split(new String(message, ISO_8859_1), -1)) {
            if (!line.isEmpty()) {
                parseLine(line, headers);
            }
        }
        return headers.build();
    }

    private static void parseLine(String line, HttpHeadersBuilder headers) throws MalformedException {
        var colon = line.indexOf(':');
        var name = line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            throw new MalformedException("headers: a line without a name (expected: \"name: value\")");
        }
        if (!name.chars().allMatch(HeaderBlock::isTokenChar)) {
            throw new MalformedException("headers: a name with other characters than RFC 9110's tokens have");
        }
        var value = line.substring(colon + 1).strip();
        if (value.chars().anyMatch(c -> c < ' ' || c >= 0x7f)) {
            throw new MalformedException("headers: " + name + " is not printable ASCII (binary values need base64)");
        }
        if (!name.endsWith("-bin")) {
            headers.add(name, value);
            return;
        }
        // A comma cannot be part of base64: it separates values (PROTOCOL-HTTP2, Custom-Metadata).
        for (var part : value.split(",", -1)) {
            headers.add(name, requireBase64(name, part.strip()));
        }
    }

    private static String requireBase64(String name, String value) throws MalformedException {
        try {
            Base64.getDecoder().decode(value);
            return value;
        } catch (IllegalArgumentException e) {
            throw new MalformedException("headers: " + name + " is not base64");
        }
    }

    private static boolean isTokenChar(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** Writes a block of headers or trailers as a whole message, which is gRPC-Web's frame of them, too. */
    public static byte[] write(Iterable<Map.Entry<String, String>> headers) {
        var text = new StringBuilder();
        for (var header : headers) {
            text.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        var block = text.toString().getBytes(US_ASCII);
        return ByteBuffer.allocate(PREFIX_BYTES + block.length)
                .put(HEADERS_FLAG)
                .putInt(block.length)
                .put(block)
                .array();
    }
}

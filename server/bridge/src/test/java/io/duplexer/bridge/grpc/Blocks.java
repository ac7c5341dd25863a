package io.duplexer.bridge.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tests' own codec of what travels in the messages, which can also encode what no client may send. */
final class Blocks {
    static final byte[] HALF_CLOSE = {1};
    static final byte[] HEADERS = headers("content-type: application/grpc-web+proto", "x-grpc-web: 1");

    private Blocks() {}

    /** One frame of the response: a message or, with the highest bit set, headers or trailers. */
    @SuppressWarnings("ArrayRecordComponent") // Not to be compared.
    record Block(int flags, byte[] bytes) {
        boolean isHeaders() {
            return (flags & 0x80) != 0;
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** All values of each header. */
        Map<String, List<String>> headers() {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            for (String line : text().lines().toList()) {
                int colon = line.indexOf(':');
                headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
            return headers;
        }

        String header(String name) {
            return String.join(",", headers().getOrDefault(name, List.of()));
        }
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A first message. */
    static byte[] headers(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        return latin1(text.toString());
    }

    /** The usual first message with some headers more. */
    static byte[] headersAnd(String... lines) {
        return concat(HEADERS, headers(lines));
    }

    /** A data message with one gRPC message. */
    static byte[] data(String message) {
        return data(message.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] data(byte[] message) {
        return concat(new byte[] {0}, frame(message));
    }

    /** A gRPC frame. */
    static byte[] frame(byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** Cuts blocks out of the stream that the response's messages are. */
    static final class Reader {
        private byte[] rest = {};

        List<Block> add(byte[] message) {
            rest = concat(rest, message);
            List<Block> blocks = new ArrayList<>();
            ByteBuffer buffer = ByteBuffer.wrap(rest);
            while (buffer.remaining() >= 5 && buffer.remaining() - 5 >= buffer.getInt(buffer.position() + 1)) {
                int flags = buffer.get() & 0xFF;
                byte[] bytes = new byte[buffer.getInt()];
                buffer.get(bytes);
                blocks.add(new Block(flags, bytes));
            }
            rest = new byte[buffer.remaining()];
            buffer.get(rest);
            return blocks;
        }

        int pendingBytes() {
            return rest.length;
        }
    }
}

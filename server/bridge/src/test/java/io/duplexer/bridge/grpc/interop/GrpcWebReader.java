package io.duplexer.bridge.grpc.interop;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Separates the blocks of headers and trailers in a gRPC-Web stream from its messages, which pass as they come. */
final class GrpcWebReader {
    private static final int PREFIX_BYTES = 5;
    private static final int HEADERS_FLAG = 0x80;
    private static final int COMPRESSED_FLAG = 1;

    private final Wire.Listener receiver;
    private final byte[] prefix = new byte[PREFIX_BYTES];
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private int prefixRead;
    private int remaining;

    GrpcWebReader(Wire.Listener receiver) {
        this.receiver = receiver;
    }

    void read(byte[] bytes) {
        int position = 0;
        while (position < bytes.length) {
            if (prefixRead < PREFIX_BYTES) {
                prefix[prefixRead++] = bytes[position++];
                if (prefixRead == PREFIX_BYTES) {
                    beginFrame();
                }
            } else {
                int part = Math.min(remaining, bytes.length - position);
                if (isBlock()) {
                    block.write(bytes, position, part);
                } else {
                    receiver.onData(bytes, position, part);
                }
                position += part;
                remaining -= part;
            }
            if (prefixRead == PREFIX_BYTES && remaining == 0) {
                endFrame();
            }
        }
    }

    private boolean isBlock() {
        return (prefix[0] & HEADERS_FLAG) != 0;
    }

    private boolean isCompressed() {
        return (prefix[0] & COMPRESSED_FLAG) != 0;
    }

    private byte[] inflated() {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(block.toByteArray()))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void beginFrame() {
        remaining = (prefix[1] & 0xFF) << 24 | (prefix[2] & 0xFF) << 16 | (prefix[3] & 0xFF) << 8 | (prefix[4] & 0xFF);
        if (!isBlock()) {
            receiver.onData(prefix.clone(), 0, PREFIX_BYTES);
        }
    }

    private void endFrame() {
        prefixRead = 0;
        if (isBlock()) {
            receiver.onBlock(
                    parse(new String(isCompressed() ? inflated() : block.toByteArray(), StandardCharsets.US_ASCII)));
            block.reset();
        }
    }

    private static Metadata parse(String text) {
        List<byte[]> namesAndValues = new ArrayList<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            add(
                    namesAndValues,
                    line.substring(0, colon),
                    line.substring(colon + 1).strip());
        });
        return InternalMetadata.newMetadata(namesAndValues.toArray(byte[][]::new));
    }

    /** Adds a header as {@link InternalMetadata} wants it. */
    static void add(List<byte[]> namesAndValues, String name, String value) {
        namesAndValues.add(name.getBytes(StandardCharsets.US_ASCII));
        namesAndValues.add(
                name.endsWith("-bin") ? Base64.getDecoder().decode(value) : value.getBytes(StandardCharsets.US_ASCII));
    }
}

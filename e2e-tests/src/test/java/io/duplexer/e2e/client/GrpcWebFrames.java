package io.duplexer.e2e.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The frames of a gRPC-Web body (PROTOCOL-WEB): a byte of flags, the length in four bytes, that many bytes. In the text
 * form the body is base64, each part of it perhaps padded on its own.
 */
public final class GrpcWebFrames {
    private static final int HEADER_BYTES = 5;

    private final boolean base64;
    private final ByteArrayOutputStream quantum = new ByteArrayOutputStream(4);
    private ByteString rest = ByteString.EMPTY;

    public GrpcWebFrames(boolean base64) {
        this.base64 = base64;
    }

    /** One frame. */
    public record Frame(int flags, ByteString payload) {
        public boolean isTrailers() {
            return (flags & 0x80) != 0;
        }

        /** The trailers, their names in lower case. */
        public Map<String, String> trailers() {
            var trailers = new TreeMap<String, String>();
            payload.toString(ISO_8859_1).lines().forEach(line -> {
                var colon = line.indexOf(':');
                trailers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            });
            return trailers;
        }
    }

    /** The status that a block of trailers, or of headers and trailers in one, holds. */
    static Status status(Map<String, String> block) {
        var code = block.get("grpc-status");
        if (code == null) {
            return Status.UNKNOWN.withDescription("no grpc-status");
        }
        // Percent-encoded, and a plus sign stands for itself.
        var text = block.getOrDefault("grpc-message", "").replace("+", "%2B");
        return Status.fromCodeValue(Integer.parseInt(code)).withDescription(URLDecoder.decode(text, UTF_8));
    }

    public static byte[] encode(int flags, ByteString payload) {
        return ByteBuffer.allocate(HEADER_BYTES + payload.size())
                .put((byte) flags)
                .putInt(payload.size())
                .put(payload.toByteArray())
                .array();
    }

    /** The frames that are complete with these bytes. */
    public List<Frame> decode(ByteBuffer bytes) {
        rest = rest.concat(base64 ? fromBase64(bytes) : ByteString.copyFrom(bytes));
        var frames = new ArrayList<Frame>();
        while (rest.size() >= HEADER_BYTES) {
            var header = rest.substring(0, HEADER_BYTES).asReadOnlyByteBuffer();
            int flags = header.get() & 0xFF;
            int end = HEADER_BYTES + header.getInt();
            if (rest.size() < end) {
                break;
            }
            frames.add(new Frame(flags, rest.substring(HEADER_BYTES, end)));
            rest = rest.substring(end);
        }
        return frames;
    }

    /** Whether the body may end here. */
    public boolean isComplete() {
        return rest.isEmpty() && quantum.size() == 0;
    }

    private ByteString fromBase64(ByteBuffer text) {
        var decoded = ByteString.EMPTY;
        while (text.hasRemaining()) {
            quantum.write(text.get());
            if (quantum.size() == 4) {
                decoded = decoded.concat(ByteString.copyFrom(Base64.getDecoder().decode(quantum.toByteArray())));
                quantum.reset();
            }
        }
        return decoded;
    }
}

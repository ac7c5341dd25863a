package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.AggregationOptions;
import com.linecorp.armeria.common.FilteredHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/**
 * The request of a unary call, whose body must be one message: else it fails with UNIMPLEMENTED, gRPC's status for a
 * "request cardinality violation". A message that is cut short counts as one; the deframer sees what is wrong with it.
 *
 * <p>Armeria reads such a request as a whole, and so is it checked.
 */
final class OneMessageRequest extends FilteredHttpRequest {
    static final Status NONE = Status.UNIMPLEMENTED.withDescription("request: no message (expected: exactly one)");
    static final Status TOO_MANY =
            Status.UNIMPLEMENTED.withDescription("request: more than one message (expected: exactly one)");

    private static final int PREFIX_BYTES = 5;
    private static final int LENGTH_OFFSET = 1;

    private final HttpRequest request;
    private final boolean base64;

    /** @param base64 whether the body is that of {@code application/grpc-web-text} */
    OneMessageRequest(HttpRequest request, boolean base64) {
        super(request, true);
        this.request = request;
        this.base64 = base64;
    }

    @Override
    protected HttpObject filter(HttpObject object) {
        return object;
    }

    @Override
    @SuppressWarnings("unchecked") // Of the two that this overrides, one leaves the type to its caller.
    public CompletableFuture<AggregatedHttpRequest> aggregate(AggregationOptions options) {
        return request.aggregate(options).thenApply(this::check);
    }

    private AggregatedHttpRequest check(AggregatedHttpRequest aggregated) {
        var content = aggregated.content();
        var violation = violationOf(content);
        if (!violation.isOk()) {
            content.close();
            throw violation.asRuntimeException();
        }
        return aggregated;
    }

    private Status violationOf(HttpData content) {
        if (content.isEmpty()) {
            return NONE;
        }
        if (base64) {
            var text = content.array();
            var prefix = prefix(text);
            return prefix.remaining() < PREFIX_BYTES
                    ? Status.OK
                    : violation(prefix.getInt(LENGTH_OFFSET), decodedLength(text));
        }
        var bytes = content.byteBuf(); // A view: neither copied nor owned.
        return bytes.readableBytes() < PREFIX_BYTES
                ? Status.OK
                : violation(bytes.getInt(bytes.readerIndex() + LENGTH_OFFSET), bytes.readableBytes());
    }

    private static Status violation(int length, long bytes) {
        return bytes > Integer.toUnsignedLong(length) + PREFIX_BYTES ? TOO_MANY : Status.OK;
    }

    /** The first bytes of a text that is base64, perhaps in parts with a padding each (PROTOCOL-WEB). */
    private static ByteBuffer prefix(byte[] text) {
        var prefix = ByteBuffer.allocate(PREFIX_BYTES + 2);
        try {
            for (int i = 0; i + 4 <= text.length && prefix.position() < PREFIX_BYTES; i += 4) {
                prefix.put(Base64.getDecoder().decode(Arrays.copyOfRange(text, i, i + 4)));
            }
            return prefix.flip();
        } catch (IllegalArgumentException e) {
            return ByteBuffer.allocate(0); // Not base64: that, too, is for the deframer to say.
        }
    }

    /** Each group of four characters is three bytes, less its padding, which may be in the middle. */
    private static long decodedLength(byte[] text) {
        var padding = 0;
        for (var character : text) {
            if (character == '=') {
                padding++;
            }
        }
        return text.length / 4 * 3L - padding;
    }
}

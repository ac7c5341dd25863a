package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.FilteredHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.common.util.SafeCloseable;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;

/**
 * A request held to gRPC's framing: whole messages, and exactly one where one is expected. It fails with a status as soon
 * as it is seen to be anything else.
 */
final class CheckedRequest extends FilteredHttpRequest {
    /** gRPC's status for a "request cardinality violation" is UNIMPLEMENTED. */
    private static final Status NONE =
            Status.UNIMPLEMENTED.withDescription("request: no message (expected: exactly one)");

    private static final Status TOO_MANY =
            Status.UNIMPLEMENTED.withDescription("request: more than one message (expected: exactly one)");
    private static final Status CUT_SHORT = Status.INVALID_ARGUMENT.withDescription(
            "request: a message that is cut short (expected: 5 bytes of prefix and the length they announce)");
    private static final Status TRAILERS =
            Status.INVALID_ARGUMENT.withDescription("request: a frame of trailers (expected: messages)");
    private static final Status NOT_BASE64 =
            Status.INVALID_ARGUMENT.withDescription("request: not base64 (expected: as its content-type says)");

    private final HttpRequest request;
    private final boolean oneMessage;
    private final @Nullable Base64Stream text;
    private final FrameScanner frames = FrameScanner.ofFrames();
    private @Nullable Status violation;

    /**
     * Checks a request that nothing has been read of.
     *
     * @param oneMessage whether exactly one is expected
     * @param base64 whether the body is that of {@code application/grpc-web-text}
     */
    CheckedRequest(HttpRequest request, boolean oneMessage, boolean base64) {
        super(request, true);
        this.request = request;
        this.oneMessage = oneMessage;
        text = base64 ? new Base64Stream() : null;
    }

    /** All at once, as the requests of unary calls are read. */
    @Override
    public CompletableFuture<List<HttpObject>> collect(EventExecutor executor, SubscriptionOption... options) {
        return request.collect(executor, options).thenApply(objects -> {
            try {
                objects.forEach(this::check);
                checkEnd();
                return objects;
            } catch (RuntimeException e) {
                objects.forEach(CheckedRequest::close);
                throw e;
            }
        });
    }

    @Override
    protected HttpObject filter(HttpObject object) {
        try {
            check(object);
            return object;
        } catch (RuntimeException e) {
            close(object);
            throw e;
        }
    }

    @Override
    protected void beforeComplete(Subscriber<? super HttpObject> subscriber) {
        checkEnd();
    }

    private void check(HttpObject object) {
        if (!(object instanceof HttpData data)) {
            return;
        }
        if (text == null) {
            frames.accept(data.byteBuf()); // A view: neither copied nor owned.
        } else {
            frames.accept(Unpooled.wrappedBuffer(decode(text, data)));
        }
        if (frames.trailersSeen()) {
            throw violation(TRAILERS);
        }
        if (oneMessage && (frames.count() > 1 || (frames.count() == 1 && !frames.atFrameEnd()))) {
            throw violation(TOO_MANY);
        }
    }

    private byte[] decode(Base64Stream text, HttpData data) {
        try {
            return text.decode(data.array());
        } catch (IllegalArgumentException e) {
            throw violation(NOT_BASE64.withCause(e));
        }
    }

    private void checkEnd() {
        if (!frames.atFrameEnd() || (text != null && !text.atGroupEnd())) {
            throw violation(CUT_SHORT);
        }
        if (oneMessage && frames.count() == 0) {
            throw violation(NONE);
        }
    }

    private StatusRuntimeException violation(Status status) {
        violation = status;
        return status.asRuntimeException();
    }

    /** What it has failed with; null if with nothing of this. On the event loop of whoever reads it. */
    @Nullable
    Status violation() {
        return violation;
    }

    private static void close(HttpObject object) {
        if (object instanceof SafeCloseable closeable) {
            closeable.close();
        }
    }
}

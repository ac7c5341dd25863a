package io.duplexer.bridge.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/** What the interceptor tells the response about one call: that its handler has sent headers, and which. */
final class SentHeaders {
    private static final AttributeKey<SentHeaders> KEY = AttributeKey.valueOf(SentHeaders.class, "SENT_HEADERS");

    private volatile @Nullable Sent sent;
    private volatile Runnable listener = () -> {};

    /**
     * The headers of a handler.
     *
     * @param compressor that the handler has chosen, if any
     */
    record Sent(
            ServerCall<?, ?> call,
            Metadata metadata,
            @Nullable String compressor) {
        boolean isUnary() {
            return call.getMethodDescriptor().getType() == MethodType.UNARY;
        }
    }

    static SentHeaders install(ServiceRequestContext ctx) {
        var headers = new SentHeaders();
        ctx.setAttr(KEY, headers);
        return headers;
    }

    static @Nullable SentHeaders of(ServiceRequestContext ctx) {
        return ctx.attr(KEY);
    }

    /** From the handler's thread. */
    void send(Sent headers) {
        sent = headers;
        listener.run();
    }

    /** Null until the handler has sent headers. */
    @Nullable
    Sent get() {
        return sent;
    }

    /** Calls back when there are headers, on whichever thread; at once if there are. */
    void onSent(Runnable newListener) {
        listener = newListener;
        if (sent != null) {
            newListener.run();
        }
    }
}

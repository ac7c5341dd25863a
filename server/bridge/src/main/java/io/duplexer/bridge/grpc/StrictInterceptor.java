package io.duplexer.bridge.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/** Tells {@link SentHeaders} of headers. */
final class StrictInterceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var sent = SentHeaders.of(ServiceRequestContext.current());
        if (sent == null) {
            return next.startCall(call, headers); // Without the decorator there is nobody to tell.
        }
        return next.startCall(new HeadersCall<>(call, sent), headers);
    }

    private static final class HeadersCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
        private final SentHeaders sent;
        private @Nullable String compressor;

        HeadersCall(ServerCall<Q, A> call, SentHeaders sent) {
            super(call);
            this.sent = sent;
        }

        @Override
        public void setCompression(String name) {
            super.setCompression(name);
            compressor = name;
        }

        @Override
        public void sendHeaders(Metadata metadata) {
            super.sendHeaders(metadata);
            sent.send(new SentHeaders.Sent(delegate(), metadata, compressor));
        }
    }
}

package io.duplexer.bridge.grpc;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/** Tells {@link SentHeaders} of headers, and counts the requests of server streams. */
final class StrictInterceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var sent = SentHeaders.of(ServiceRequestContext.current());
        if (sent == null) {
            return next.startCall(call, headers); // Without the decorator there is nobody to tell.
        }
        var listener = next.startCall(new HeadersCall<>(call, sent), headers);
        // Unary calls are counted before they come here: Armeria takes the first message and drops the rest.
        return call.getMethodDescriptor().getType() == MethodType.SERVER_STREAMING
                ? new OneRequest<>(call, listener)
                : listener;
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

    private static final class OneRequest<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private int requests;

        OneRequest(ServerCall<Q, ?> call, ServerCall.Listener<Q> listener) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            requests++;
            if (requests == 1) {
                super.onMessage(message);
            } else if (requests == 2) {
                call.close(OneMessageRequest.TOO_MANY, new Metadata());
            }
        }

        @Override
        public void onHalfClose() {
            if (requests == 0) {
                call.close(OneMessageRequest.NONE, new Metadata());
            } else if (requests == 1) {
                super.onHalfClose();
            }
        }
    }
}

package io.duplexer.e2e.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Calls on native gRPC, by grpc-java. */
public final class GrpcCalls extends CallingClient {
    private final ManagedChannel channel;

    public GrpcCalls(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @Override
    <Q extends MessageLite, T extends MessageLite> Call start(
            MethodDescriptor<Q, T> method, Q request, Parser<T> parser, Consumer<T> onMessage) {
        ClientCall<Q, T> call = channel.newCall(method, CallOptions.DEFAULT);
        var started = new Started<>(call, onMessage);
        call.start(started, new Metadata());
        call.request(Integer.MAX_VALUE);
        call.sendMessage(request);
        call.halfClose();
        return started;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final class Started<T> extends ClientCall.Listener<T> implements Call {
        private final ClientCall<?, T> call;
        private final Consumer<T> onMessage;
        private final CompletableFuture<Status> end = new CompletableFuture<>();

        Started(ClientCall<?, T> call, Consumer<T> onMessage) {
            this.call = call;
            this.onMessage = onMessage;
        }

        @Override
        public void onMessage(T message) {
            onMessage.accept(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(status);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // It never fails.
        public void onEnd(Consumer<Status> callback) {
            end.thenAccept(callback);
        }

        @Override
        public void cancel() {
            call.cancel("the client has left", null);
        }
    }
}

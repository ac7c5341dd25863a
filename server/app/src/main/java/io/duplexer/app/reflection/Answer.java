package io.duplexer.app.reflection;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The one response of a stream, which its deadline bounds. */
final class Answer implements StreamObserver<ServerReflectionResponse> {
    private final CompletableFuture<ServerReflectionResponse> end = new CompletableFuture<>();
    private @Nullable ServerReflectionResponse response;

    @Override
    public void onNext(ServerReflectionResponse value) {
        response = value;
    }

    @Override
    public void onError(Throwable cause) {
        end.completeExceptionally(cause);
    }

    @Override
    public void onCompleted() {
        if (response == null) {
            end.completeExceptionally(
                    Status.INTERNAL.withDescription("reflection: no answer").asRuntimeException());
        } else {
            end.complete(response);
        }
    }

    /** @throws StatusRuntimeException if the call has failed */
    ServerReflectionResponse await() {
        try {
            return end.join();
        } catch (CompletionException e) {
            throw Status.fromThrowable(e).asRuntimeException();
        }
    }
}

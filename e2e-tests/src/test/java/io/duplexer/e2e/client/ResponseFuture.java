package io.duplexer.e2e.client;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** The one response of a call, as a future that fails with {@link Refused}. */
public final class ResponseFuture<T> implements StreamObserver<T> {
    private final CompletableFuture<T> future = new CompletableFuture<>();

    public CompletableFuture<T> future() {
        return future;
    }

    @Override
    public void onNext(T response) {
        future.complete(response);
    }

    @Override
    public void onError(Throwable failure) {
        future.completeExceptionally(Refused.from(failure));
    }

    @Override
    public void onCompleted() {
        future.completeExceptionally(new IllegalStateException("completed without a response"));
    }
}

package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** What a streaming call receives, asked for one by one if the test wants that, and how it ends. */
final class Received<Q, R> implements ClientResponseObserver<Q, R> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(5);

    private final List<R> values = new ArrayList<>();
    private final CompletableFuture<Status> status = new CompletableFuture<>();
    private final boolean paused;
    private volatile @Nullable ClientCallStreamObserver<Q> call;

    private Received(boolean paused) {
        this.paused = paused;
    }

    static <Q, R> Received<Q, R> all() {
        return new Received<>(false);
    }

    /** Asks for nothing after the first value. */
    static <Q, R> Received<Q, R> firstOnly() {
        return new Received<>(true);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> newCall) {
        call = newCall;
        if (paused) {
            newCall.disableAutoRequestWithInitial(1);
        }
    }

    @Override
    public void onNext(R value) {
        synchronized (values) {
            values.add(value);
        }
    }

    @Override
    public void onError(Throwable t) {
        status.complete(Status.fromThrowable(t));
    }

    @Override
    public void onCompleted() {
        status.complete(Status.OK);
    }

    ClientCallStreamObserver<Q> call() {
        return Objects.requireNonNull(call);
    }

    List<R> values() {
        synchronized (values) {
            return List.copyOf(values);
        }
    }

    List<R> awaitValues(int count) {
        Awaitility.await().pollInterval(POLL).atMost(PATIENCE).until(() -> values().size() >= count || status.isDone());
        assertThat(values()).hasSizeGreaterThanOrEqualTo(count);
        return values();
    }

    Status awaitStatus() {
        assertThat(status).succeedsWithin(PATIENCE);
        return status.join();
    }

    boolean isEnded() {
        return status.isDone();
    }
}

package io.duplexer.e2e.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.grpc.Status;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One gRPC-Web call: the messages go to a consumer, the end is a future. */
public final class GrpcWebCall<T> implements CallingClient.Call, Flow.Subscriber<List<ByteBuffer>> {
    private final Parser<T> parser;
    private final Consumer<T> onMessage;
    private final GrpcWebFrames frames;
    private final CompletableFuture<ResponseInfo> headers = new CompletableFuture<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private @Nullable CompletableFuture<?> exchange;
    private Flow.@Nullable Subscription body;
    private Map<String, String> trailers = Map.of();

    GrpcWebCall(Parser<T> parser, Consumer<T> onMessage, boolean base64) {
        this.parser = parser;
        this.onMessage = onMessage;
        this.frames = new GrpcWebFrames(base64);
    }

    /** The HTTP status and headers. */
    public CompletableFuture<ResponseInfo> headers() {
        return headers;
    }

    /** How it ended; never fails. */
    public CompletableFuture<Status> end() {
        return end;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // It never fails.
    public void onEnd(Consumer<Status> callback) {
        end.thenAccept(callback);
    }

    /** Cancels it, by closing its connection or resetting its stream. */
    @Override
    public synchronized void cancel() {
        if (exchange != null) {
            exchange.cancel(true);
        }
        if (body != null) {
            body.cancel();
        }
        end.complete(Status.CANCELLED);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Its failure is the call's end.
    synchronized void start(CompletableFuture<?> newExchange) {
        exchange = newExchange;
        newExchange.exceptionally(failure -> {
            headers.completeExceptionally(failure);
            onError(failure);
            return null;
        });
    }

    BodySubscriber<@Nullable Void> onHeaders(ResponseInfo info) {
        headers.complete(info);
        return BodySubscribers.fromSubscriber(this);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription subscription) {
        body = subscription;
        if (end.isDone()) {
            subscription.cancel();
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        try {
            for (var part : parts) {
                for (var frame : frames.decode(part)) {
                    if (frame.isTrailers()) {
                        trailers = frame.trailers();
                    } else {
                        onMessage.accept(parser.parseFrom(frame.payload()));
                    }
                }
            }
        } catch (InvalidProtocolBufferException e) {
            end.complete(Status.INTERNAL.withCause(e));
        }
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(Status.UNAVAILABLE.withDescription(String.valueOf(failure)));
    }

    @Override
    public void onComplete() {
        var info = headers.join();
        if (info.statusCode() != 200) {
            end.complete(Status.UNKNOWN.withDescription("HTTP status " + info.statusCode()));
        } else if (!frames.isComplete()) {
            end.complete(Status.DATA_LOSS.withDescription("the body ends within a frame"));
        } else {
            end.complete(status(trailers, info.headers()));
        }
    }

    /** From the trailers at the end of the body, or from the headers when there is no body. */
    private static Status status(Map<String, String> trailers, HttpHeaders headers) {
        if (trailers.containsKey("grpc-status")) {
            return GrpcWebFrames.status(trailers);
        }
        var block = new TreeMap<String, String>();
        headers.map().forEach((name, values) -> block.put(name, String.join(",", values)));
        return GrpcWebFrames.status(block);
    }
}

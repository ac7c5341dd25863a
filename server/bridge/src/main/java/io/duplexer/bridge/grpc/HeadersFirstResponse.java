package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.AggregationOptions;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.AggregationSupport;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A response of Armeria's, in which the headers that the handler has sent are not behind the first message, and not left
 * out before an error:
 *
 * <pre>
 * Armeria's:  (headers sent)  ...  headers, message  ...       (headers sent)  trailers-only
 * here:       headers         ...  message           ...       headers         trailers
 * </pre>
 *
 * A request that was found to be wrong makes Armeria abort the response of a stream; here it ends with the status.
 */
final class HeadersFirstResponse extends AggregationSupport implements HttpResponse {
    private final HttpResponse response;
    private final SentHeaders sent;
    private final CheckedRequest request;
    private final AnswerHeaders answer;

    HeadersFirstResponse(HttpResponse response, SentHeaders sent, CheckedRequest request, AnswerHeaders answer) {
        this.response = response;
        this.sent = sent;
        this.request = request;
        this.answer = answer;
    }

    @Override
    public boolean isOpen() {
        return response.isOpen();
    }

    @Override
    public boolean isEmpty() {
        return response.isEmpty();
    }

    @Override
    public long demand() {
        return response.demand();
    }

    @Override
    public CompletableFuture<Void> whenComplete() {
        return response.whenComplete();
    }

    @Override
    public EventExecutor defaultSubscriberExecutor() {
        return response.defaultSubscriberExecutor();
    }

    @Override
    public void abort() {
        response.abort();
    }

    @Override
    public void abort(Throwable cause) {
        response.abort(cause);
    }

    @Override
    @SuppressWarnings("unchecked") // Of the two that this overrides, one leaves the type to its caller.
    public CompletableFuture<AggregatedHttpResponse> aggregate(AggregationOptions options) {
        return super.aggregate(options);
    }

    /** All at once, as a unary call is answered over HTTP: there is nothing to be early for. */
    @Override
    public CompletableFuture<List<HttpObject>> collect(EventExecutor executor, SubscriptionOption... options) {
        return response.collect(executor, options).thenApply(this::apart);
    }

    private List<HttpObject> apart(List<HttpObject> objects) {
        var handlers = sent.get();
        if (handlers == null || objects.size() != 1 || !isTrailersOnly(objects.get(0))) {
            return objects;
        }
        var headers = answer.headers(handlers, request.headers());
        return List.of(headers, trailers((ResponseHeaders) objects.get(0), handlers, headers));
    }

    private static boolean isTrailersOnly(HttpObject object) {
        return object instanceof ResponseHeaders headers && headers.contains(CallHeaders.GRPC_STATUS);
    }

    /** In a unary call Armeria has put the headers, which are {@code out}, among the trailers. */
    private HttpObject trailers(ResponseHeaders only, SentHeaders.@Nullable Sent handlers, HttpHeaders out) {
        return answer.trailers(only, handlers != null && handlers.isUnary() ? out : HttpHeaders.of());
    }

    @Override
    public void subscribe(
            Subscriber<? super HttpObject> subscriber, EventExecutor executor, SubscriptionOption... options) {
        response.subscribe(new Relay(subscriber, executor), executor, options);
    }

    /** Everything runs on the executor of the subscription. */
    private final class Relay implements Subscriber<HttpObject>, Subscription {
        private final Subscriber<? super HttpObject> subscriber;
        private final EventExecutor executor;
        private @Nullable Subscription upstream;
        private long demand;
        /** The headers that are out; null as long as none are. */
        private @Nullable HttpHeaders out;
        /** What there was no demand for: at most headers and trailers. */
        private final Queue<HttpObject> held = new ArrayDeque<>(2);

        private boolean complete;
        private boolean completed;

        Relay(Subscriber<? super HttpObject> subscriber, EventExecutor executor) {
            this.subscriber = subscriber;
            this.executor = executor;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            subscriber.onSubscribe(this);
            // Not at once: a handler whose first message follows leaves the headers to Armeria.
            sent.onSent(() -> executor.execute(this::flush));
        }

        /** Each object here answers for one of Armeria's, in the end, and so does each request. */
        @Override
        public void request(long count) {
            if (!executor.inEventLoop()) {
                executor.execute(() -> request(count));
                return;
            }
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            while (demand > 0 && !held.isEmpty()) {
                pass(held.remove());
            }
            completeIfDone();
            if (upstream != null) {
                upstream.request(count);
            }
            if (out == null && sent.get() != null) {
                executor.execute(this::flush);
            }
        }

        @Override
        public void cancel() {
            if (upstream != null) {
                upstream.cancel();
            }
        }

        private void flush() {
            var headers = sent.get();
            if (headers != null && out == null && demand > 0 && !complete) {
                deliverHeaders(headers);
            }
        }

        private void deliverHeaders(SentHeaders.Sent headers) {
            var block = answer.headers(headers, request.headers());
            out = block;
            deliver(block);
        }

        private void deliver(HttpObject object) {
            if (demand > 0) {
                pass(object);
            } else {
                held.add(object);
            }
        }

        private void pass(HttpObject object) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            subscriber.onNext(object);
        }

        @Override
        public void onNext(HttpObject object) {
            if (!(object instanceof ResponseHeaders headers) || headers.status().isInformational()) {
                deliver(object);
                return;
            }
            var handlers = sent.get();
            if (isTrailersOnly(headers) && out == null && handlers != null) {
                deliverHeaders(handlers);
            }
            if (out == null) {
                out = headers;
                deliver(headers);
            } else if (isTrailersOnly(headers)) {
                deliver(trailers(headers, handlers, out));
            }
        }

        @Override
        public void onError(Throwable cause) {
            var violation = request.violation();
            if (violation != null) {
                onNext(answer.trailersOnly(violation));
                onComplete();
                return;
            }
            complete = true;
            held.clear();
            subscriber.onError(cause);
        }

        @Override
        public void onComplete() {
            complete = true;
            completeIfDone();
        }

        private void completeIfDone() {
            if (complete && !completed && held.isEmpty()) {
                completed = true;
                subscriber.onComplete();
            }
        }
    }
}

package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.AggregationOptions;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.AggregationSupport;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import io.netty.util.concurrent.EventExecutor;
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
 */
final class HeadersFirstResponse extends AggregationSupport implements HttpResponse {
    private final HttpResponse response;
    private final SentHeaders sent;
    private final RequestHeaders request;
    private final MediaType format;

    /** @param format of Armeria's answer */
    HeadersFirstResponse(HttpResponse response, SentHeaders sent, RequestHeaders request, MediaType format) {
        this.response = response;
        this.sent = sent;
        this.request = request;
        this.format = format;
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
        /** What there was no demand for. */
        private @Nullable HttpObject held;

        private boolean complete;

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
            if (held != null) {
                var object = held;
                held = null;
                deliver(object);
                completeIfDone();
            }
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
            var block = HandlerHeaders.of(headers, request, format);
            out = block;
            deliver(block);
        }

        private void deliver(HttpObject object) {
            if (demand > 0) {
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                subscriber.onNext(object);
            } else {
                held = object;
            }
        }

        @Override
        public void onNext(HttpObject object) {
            if (!(object instanceof ResponseHeaders headers) || headers.status().isInformational()) {
                deliver(object);
                return;
            }
            var isTrailers = headers.contains(CallHeaders.GRPC_STATUS);
            var handlers = sent.get();
            if (isTrailers && out == null && handlers != null) {
                deliverHeaders(handlers);
            }
            if (out == null) {
                out = headers;
                deliver(headers);
            } else if (isTrailers) {
                var merged = handlers != null && handlers.isUnary() ? out : HttpHeaders.of();
                deliver(HandlerHeaders.trailers(headers, merged, format));
            }
        }

        @Override
        public void onError(Throwable cause) {
            complete = true;
            held = null;
            subscriber.onError(cause);
        }

        @Override
        public void onComplete() {
            complete = true;
            completeIfDone();
        }

        private void completeIfDone() {
            if (complete && held == null) {
                subscriber.onComplete();
            }
        }
    }
}

package io.duplexer.bridge.gateway;

import com.linecorp.armeria.client.Clients;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.GoAwayReceivedException;
import com.linecorp.armeria.client.RequestOptions;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call on its way to an upstream: attempts, one after the other, until a server has begun to process one, and the
 * response to that one, a piece at a time as its listener wants them.
 *
 * <p>Everything runs on the event loop of the call.
 */
final class Attempts {
    private static final Logger logger = LoggerFactory.getLogger(Attempts.class);

    private static final RequestOptions STREAMING =
            RequestOptions.builder().exchangeType(ExchangeType.BIDI_STREAMING).build();
    /** The headers and the body are written at once. */
    private static final RequestOptions WHOLE = RequestOptions.builder()
            .exchangeType(ExchangeType.RESPONSE_STREAMING)
            .build();

    /** Connections that were closed while a call was put on them, before it counts as the upstream's failure. */
    private static final int MAX_STALE_CONNECTIONS = 2;

    private final ServiceRequestContext ctx;
    private final Upstream upstream;
    private final RequestHeaders headers;
    private final RequestBody body;
    private final @Nullable Deadline deadline;
    private final Listener listener;

    private final Set<Endpoint> tried = new HashSet<>();
    private int staleConnections;
    private @Nullable Attempt current;
    private boolean over;

    /** Gets the response. */
    interface Listener {
        /** Whether another piece may be asked for. */
        boolean wantsMore();

        void onHeaders(ResponseHeaders received);

        /** Gets what is not empty, and has to release it. */
        void onData(HttpData data);

        void onTrailers(HttpHeaders trailers);

        /** There is no more of the response. */
        void onEnd();

        /** No attempt is left, or the response broke off. */
        void onFailure(Throwable cause);
    }

    Attempts(
            ServiceRequestContext ctx,
            Upstream upstream,
            RequestHeaders headers,
            RequestBody body,
            @Nullable Deadline deadline,
            Listener listener) {
        this.ctx = ctx;
        this.upstream = upstream;
        this.headers = headers;
        this.body = body;
        this.deadline = deadline;
        this.listener = listener;
    }

    void start() {
        attempt(upstream.client(), headers);
    }

    /** Asks for the next piece, if the listener wants it. */
    void proceed() {
        if (current != null) {
            current.request();
        }
    }

    /**
     * Nothing is wanted any more.
     *
     * @param cancel what the upstream has yet to say; or else it has said all but its end
     */
    void end(boolean cancel) {
        over = true;
        if (current != null) {
            current.end(cancel);
        }
    }

    @SuppressWarnings("try") // The scope of a pushed context is never referenced.
    private void attempt(WebClient client, RequestHeaders requestHeaders) {
        try (var ignored = ctx.push();
                var captor = Clients.newContextCaptor()) {
            var response = execute(client, requestHeaders);
            var captured = captor.getOrNull();
            current = new Attempt(response, captured == null ? null : captured.endpoint());
            response.subscribe(current, ctx.eventLoop().withoutContext(), SubscriptionOption.WITH_POOLED_OBJECTS);
        }
    }

    private HttpResponse execute(WebClient client, RequestHeaders requestHeaders) {
        var whole = body.whole();
        if (whole == null) {
            return client.execute(HttpRequest.of(requestHeaders, body), STREAMING);
        }
        return client.execute(
                whole.isEmpty()
                        ? HttpRequest.of(requestHeaders)
                        : HttpRequest.of(requestHeaders, StreamMessage.of(whole)),
                WHOLE);
    }

    private void onFailed(Attempt failed, Throwable cause) {
        if (body.canRepeat() && Exceptions.peel(cause) instanceof UnprocessedRequestException unprocessed) {
            var next = nextClient(failed, unprocessed);
            if (next != null) {
                attempt(next, withRemainingTime());
                return;
            }
        }
        logger.debug("{} upstream {} ({}) failed", ctx, upstream, failed.endpoint, cause);
        listener.onFailure(cause);
    }

    /** A connection that was closed says nothing of its endpoint; one that cannot be opened does. */
    private @Nullable WebClient nextClient(Attempt failed, UnprocessedRequestException cause) {
        var reason = cause.getCause();
        var isStale = reason instanceof ClosedSessionException || reason instanceof GoAwayReceivedException;
        if (isStale && ++staleConnections <= MAX_STALE_CONNECTIONS) {
            return upstream.client();
        }
        if (failed.endpoint == null) {
            return null;
        }
        tried.add(failed.endpoint);
        return upstream.clientOfAnother(tried);
    }

    private RequestHeaders withRemainingTime() {
        return deadline == null
                ? headers
                : headers.toBuilder()
                        .set(Gateway.GRPC_TIMEOUT, deadline.remaining())
                        .build();
    }

    /** The response of one attempt. */
    private final class Attempt implements Subscriber<HttpObject> {
        private final HttpResponse response;
        private final @Nullable Endpoint endpoint;
        private @Nullable Subscription subscription;
        private boolean requested;

        Attempt(HttpResponse response, @Nullable Endpoint endpoint) {
            this.response = response;
            this.endpoint = endpoint;
        }

        @Override
        public void onSubscribe(Subscription newSubscription) {
            subscription = newSubscription;
            request();
        }

        void request() {
            if (listener.wantsMore() && !requested && subscription != null) {
                requested = true;
                subscription.request(1);
            }
        }

        @Override
        public void onNext(HttpObject object) {
            requested = false;
            if (over) {
                if (object instanceof HttpData data) {
                    data.close();
                }
                return;
            }
            if (object instanceof ResponseHeaders received) {
                listener.onHeaders(received);
            } else if (object instanceof HttpHeaders trailers) {
                listener.onTrailers(trailers);
            } else if (object instanceof HttpData data) {
                if (data.isEmpty()) {
                    data.close();
                } else {
                    listener.onData(data);
                }
            }
            request();
        }

        @Override
        public void onError(Throwable cause) {
            if (!over) {
                onFailed(this, cause);
            }
        }

        @Override
        public void onComplete() {
            if (!over) {
                listener.onEnd();
            }
        }

        void end(boolean cancel) {
            if (cancel) {
                response.abort();
            } else if (subscription != null) {
                subscription.request(Long.MAX_VALUE);
            }
        }
    }
}

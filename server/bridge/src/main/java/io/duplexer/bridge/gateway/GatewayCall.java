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
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.bridge.grpc.HttpStatusMapping;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call through the gateway: its response, which starts it when somebody subscribes. It makes attempts until an upstream
 * has begun to process the call, relays the response as fast as the client takes it, and ends it with a status, whatever
 * happens.
 *
 * <p>Everything runs on the event loop of the call.
 */
final class GatewayCall implements Publisher<HttpObject>, Subscription, RequestBody.ProblemListener {
    private static final Logger logger = LoggerFactory.getLogger(GatewayCall.class);

    private static final RequestOptions STREAMING =
            RequestOptions.builder().exchangeType(ExchangeType.BIDI_STREAMING).build();
    /** The headers and the body are written at once. */
    private static final RequestOptions WHOLE = RequestOptions.builder()
            .exchangeType(ExchangeType.RESPONSE_STREAMING)
            .build();

    /** Connections that were closed while a call was put on them, before it counts as the upstream's failure. */
    private static final int MAX_STALE_CONNECTIONS = 2;

    private final ServiceRequestContext ctx;
    private final EventLoop loop;
    private final Upstream upstream;
    private final RequestHeaders headers;
    private final RequestBody body;
    private final ResponseEncoder encoder;
    private final FrameScanner frames;
    private final long maxMessageBytes;
    private final ActiveCalls calls;
    private final @Nullable Duration timeout;
    private final long startNanos = System.nanoTime();

    private final Set<Endpoint> tried = new HashSet<>();
    private int staleConnections;
    private @Nullable Subscriber<? super HttpObject> subscriber;
    private @Nullable Attempt attempt;
    private @Nullable ScheduledFuture<?> deadline;
    private long demand;
    private Phase phase = Phase.NEW;

    private enum Phase {
        NEW,
        /** No upstream has answered yet. */
        WAITING,
        /** The client has been sent the headers. */
        RELAYING,
        ENDED
    }

    /**
     * A call that is yet to be started.
     *
     * @param timeout of the client's, or null
     */
    GatewayCall(
            ServiceRequestContext ctx,
            HttpRequest request,
            Upstream upstream,
            GrpcMediaType requestType,
            GrpcMediaType responseType,
            long maxMessageBytes,
            ActiveCalls calls,
            @Nullable Duration timeout) {
        this.ctx = ctx;
        this.upstream = upstream;
        this.maxMessageBytes = maxMessageBytes;
        this.calls = calls;
        this.timeout = timeout;
        loop = ctx.eventLoop().withoutContext();
        headers = ForwardedHeaders.request(
                request.headers(), requestType, ctx.remoteAddress().getAddress());
        body = new RequestBody(request, loop, requestType.form() == GrpcMediaType.Form.WEB_TEXT, maxMessageBytes, this);
        encoder = new ResponseEncoder(responseType);
        frames = new FrameScanner(maxMessageBytes);
    }

    @Override
    public void subscribe(Subscriber<? super HttpObject> newSubscriber) {
        subscriber = newSubscriber;
        newSubscriber.onSubscribe(this);
        onLoop(this::start);
    }

    private void start() {
        if (phase != Phase.NEW) {
            return; // Cancelled already.
        }
        phase = Phase.WAITING;
        var refusal = calls.add(this);
        if (refusal != null) {
            phase = Phase.ENDED;
            answer(encoder.trailersOnly(refusal));
            body.drain();
            return;
        }
        if (timeout != null) {
            deadline = loop.schedule(() -> fail(Failure.DEADLINE), remainingNanos(timeout), TimeUnit.NANOSECONDS);
        }
        body.gather();
        // What has been read along with the headers, which is all of most requests, then goes along with them, too.
        loop.execute(() -> {
            if (phase == Phase.WAITING) {
                attempt(upstream.client(), headers);
            }
        });
    }

    /** Of more than 292 years: as if it were those. */
    private long remainingNanos(Duration total) {
        return TimeUnit.NANOSECONDS.convert(total) - (System.nanoTime() - startNanos);
    }

    @SuppressWarnings("try") // The scope of a pushed context is never referenced.
    private void attempt(WebClient client, RequestHeaders requestHeaders) {
        try (var ignored = ctx.push();
                var captor = Clients.newContextCaptor()) {
            var response = execute(client, requestHeaders);
            var captured = captor.getOrNull();
            attempt = new Attempt(response, captured == null ? null : captured.endpoint());
            response.subscribe(attempt, loop, SubscriptionOption.WITH_POOLED_OBJECTS);
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

    @Override
    public void request(long n) {
        onLoop(() -> {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            if (attempt != null) {
                attempt.request();
            }
        });
    }

    /** The client has cancelled the call, or is gone. */
    @Override
    public void cancel() {
        onLoop(() -> {
            if (phase == Phase.NEW) {
                phase = Phase.ENDED;
            } else if (phase != Phase.ENDED) {
                end();
                release(true);
            }
        });
    }

    /** Ends the call from outside of it, on any thread. */
    void abort(Failure failure) {
        onLoop(() -> fail(failure));
    }

    private void onLoop(Runnable step) {
        if (loop.inEventLoop()) {
            step.run();
        } else {
            loop.execute(step);
        }
    }

    private void onHeaders(ResponseHeaders received) {
        if (phase == Phase.RELAYING || received.status().isInformational()) {
            return;
        }
        body.stopKeeping();
        if (received.contains(ResponseEncoder.GRPC_STATUS)) {
            phase = Phase.RELAYING;
            var relayed = encoder.headers(received);
            if (received.isEndOfStream()) {
                finish(relayed, false);
            } else {
                send(relayed);
            }
        } else if (!received.status().equals(HttpStatus.OK)) {
            fail(new Failure(
                    HttpStatusMapping.toGrpc(received.status()),
                    "upstream " + upstream.name() + ": answered with HTTP "
                            + received.status().codeAsText()));
        } else if (GrpcMediaType.parse(received.get(HttpHeaderNames.CONTENT_TYPE)) == null) {
            fail(new Failure(
                    HttpStatusMapping.UNKNOWN, "upstream " + upstream.name() + ": answered with another content-type"));
        } else {
            phase = Phase.RELAYING;
            send(encoder.headers(received));
        }
    }

    private void onData(HttpData data) {
        var length = frames.accept(data.byteBuf());
        var problem = frames.problem();
        if (problem == null) {
            send(encoder.data(data));
            return;
        }
        if (length > 0) {
            send(encoder.data(HttpData.copyOf(data.array(), 0, length)));
        }
        data.close();
        fail(Failure.ofResponse(problem, maxMessageBytes));
    }

    private void onTrailers(HttpHeaders trailers) {
        if (!trailers.contains(ResponseEncoder.GRPC_STATUS)) {
            return; // The end will tell that there is none.
        }
        if (phase == Phase.RELAYING && (!encoder.mediaType().form().isWeb() || frames.atFrameEnd())) {
            finish(encoder.trailers(trailers), false);
        } else {
            fail(Failure.unavailable(upstream, "ended the call within a message"));
        }
    }

    private void onFailed(Attempt failed, Throwable cause) {
        if (phase == Phase.WAITING && Exceptions.peel(cause) instanceof UnprocessedRequestException unprocessed) {
            var next = body.canRepeat() ? nextClient(failed, unprocessed) : null;
            if (next != null) {
                attempt(next, withRemainingTime());
                return;
            }
        }
        logger.debug("{} upstream {} ({}) failed", ctx, upstream, failed.endpoint, cause);
        fail(Failure.of(upstream, cause));
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
        if (timeout == null) {
            return headers;
        }
        var remaining = Duration.ofNanos(Math.max(0, remainingNanos(timeout)));
        return headers.toBuilder()
                .set(Gateway.GRPC_TIMEOUT, GrpcTimeout.format(remaining))
                .build();
    }

    @Override
    public void onProblem(FrameScanner.Problem problem) {
        fail(Failure.ofRequest(problem, maxMessageBytes));
    }

    @Override
    public void onBadText() {
        fail(new Failure(HttpStatusMapping.INVALID_ARGUMENT, "request: not base64 (expected: grpc-web-text)"));
    }

    /** Ends the call with a status of ours, unless it has ended. */
    private void fail(Failure failure) {
        switch (phase) {
            case NEW, ENDED -> {
                // Nobody waits for it.
            }
            case WAITING -> {
                finish(encoder.trailersOnly(failure), true);
            }
            case RELAYING -> {
                if (!encoder.mediaType().form().isWeb() || frames.atFrameEnd()) {
                    finish(encoder.trailers(failure), true);
                } else {
                    // Trailers would be taken for the rest of the message: the client has to see the body break off.
                    breakOff();
                }
            }
        }
    }

    private void send(HttpObject object) {
        demand--;
        if (subscriber != null) {
            subscriber.onNext(object);
        }
    }

    private void answer(HttpObject last) {
        send(last);
        if (subscriber != null) {
            subscriber.onComplete();
        }
    }

    /** @param cancel what the upstream has yet to say; or else it has said all but its end */
    private void finish(HttpObject last, boolean cancel) {
        end();
        answer(last);
        release(cancel);
    }

    private void breakOff() {
        end();
        if (subscriber != null) {
            subscriber.onError(ClosedStreamException.get());
        }
        release(true);
    }

    /** Before the client is told, which may cancel the call on that. */
    private void end() {
        phase = Phase.ENDED;
        calls.remove(this);
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void release(boolean cancel) {
        if (attempt != null) {
            attempt.end(cancel);
        }
        body.drain();
    }

    /** The response of one attempt. Only what the latest of them says counts. */
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
            if (demand > 0 && !requested && subscription != null) {
                requested = true;
                subscription.request(1);
            }
        }

        @Override
        public void onNext(HttpObject object) {
            requested = false;
            if (phase == Phase.ENDED) {
                if (object instanceof HttpData data) {
                    data.close();
                }
                return;
            }
            if (object instanceof ResponseHeaders received) {
                onHeaders(received);
            } else if (object instanceof HttpHeaders trailers) {
                onTrailers(trailers);
            } else if (object instanceof HttpData data) {
                if (data.isEmpty()) {
                    data.close();
                } else {
                    onData(data);
                }
            }
            request();
        }

        @Override
        public void onError(Throwable cause) {
            if (phase != Phase.ENDED) {
                onFailed(this, cause);
            }
        }

        @Override
        public void onComplete() {
            fail(new Failure(
                    HttpStatusMapping.INTERNAL, "upstream " + upstream.name() + ": ended the call without a status"));
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

package io.duplexer.bridge.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.bridge.grpc.FrameScanner;
import io.duplexer.bridge.grpc.HttpStatusMapping;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * One call through the gateway: its response, which starts it when somebody subscribes. It relays the response of an
 * upstream as fast as the client takes it, and ends it with a status, whatever happens.
 *
 * <p>Everything runs on the event loop of the call.
 */
final class GatewayCall implements Publisher<HttpObject>, Subscription, RequestBody.ProblemListener, Attempts.Listener {
    private final EventLoop loop;
    private final Upstream upstream;
    private final RequestBody body;
    private final Attempts attempts;
    private final ResponseEncoder encoder;
    private final FrameScanner frames;
    private final long maxMessageBytes;
    private final ActiveCalls calls;
    private final @Nullable Deadline deadline;

    private @Nullable Subscriber<? super HttpObject> subscriber;
    private @Nullable ScheduledFuture<?> expiry;
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
     * @param deadline of the client's, or null
     */
    GatewayCall(
            ServiceRequestContext ctx,
            HttpRequest request,
            Upstream upstream,
            GrpcMediaType requestType,
            GrpcMediaType responseType,
            long maxMessageBytes,
            ActiveCalls calls,
            @Nullable Deadline deadline) {
        this.upstream = upstream;
        this.maxMessageBytes = maxMessageBytes;
        this.calls = calls;
        this.deadline = deadline;
        loop = ctx.eventLoop().withoutContext();
        body = new RequestBody(request, loop, requestType.form() == GrpcMediaType.Form.WEB_TEXT, maxMessageBytes, this);
        attempts = new Attempts(
                ctx,
                upstream,
                ForwardedHeaders.request(
                        request.headers(), requestType, ctx.remoteAddress().getAddress()),
                body,
                deadline,
                this);
        encoder = new ResponseEncoder(responseType);
        frames = FrameScanner.ofMessages(maxMessageBytes);
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
        if (deadline != null) {
            expiry = loop.schedule(() -> fail(Failure.DEADLINE), deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        }
        body.gather();
        // What has been read along with the headers, which is all of most requests, then goes along with them, too.
        loop.execute(() -> {
            if (phase == Phase.WAITING) {
                attempts.start();
            }
        });
    }

    @Override
    public void request(long n) {
        onLoop(() -> {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            attempts.proceed();
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

    @Override
    public boolean wantsMore() {
        return phase != Phase.ENDED && demand > 0;
    }

    @Override
    public void onHeaders(ResponseHeaders received) {
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

    @Override
    public void onData(HttpData data) {
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

    @Override
    public void onTrailers(HttpHeaders trailers) {
        if (!trailers.contains(ResponseEncoder.GRPC_STATUS)) {
            return; // The end will tell that there is none.
        }
        if (phase == Phase.RELAYING && (!encoder.mediaType().form().isWeb() || frames.atFrameEnd())) {
            finish(encoder.trailers(trailers), false);
        } else {
            fail(Failure.unavailable(upstream, "ended the call within a message"));
        }
    }

    @Override
    public void onEnd() {
        fail(new Failure(
                HttpStatusMapping.INTERNAL, "upstream " + upstream.name() + ": ended the call without a status"));
    }

    @Override
    public void onFailure(Throwable cause) {
        fail(Failure.of(upstream, cause));
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
        if (expiry != null) {
            expiry.cancel(false);
        }
    }

    private void release(boolean cancel) {
        attempts.end(cancel);
        body.drain();
    }
}

package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import io.duplexer.bridge.websocket.CloseStatus;
import io.duplexer.bridge.websocket.WebSocketSession;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the response of the service to the client: its headers as a block, its body as it is, and as the last thing,
 * whatever happens, one block of trailers. Asks the service for more only while the socket is writable.
 *
 * <p>Everything runs on the session's event loop.
 */
final class ResponseRelay implements Subscriber<HttpObject> {
    private static final Logger logger = LoggerFactory.getLogger(ResponseRelay.class);

    private final WebSocketSession session;
    private final Consumer<@Nullable Throwable> onEnd;
    private final FrameScanner frames = FrameScanner.ofFrames();
    private @Nullable CallContext context;
    private @Nullable Subscription subscription;
    private boolean requested;
    private boolean ended;

    /**
     * The relay of one response.
     *
     * @param onEnd called once, when nothing more will be sent, with what went wrong, or null if the response came to its
     *     own end
     */
    ResponseRelay(WebSocketSession session, Consumer<@Nullable Throwable> onEnd) {
        this.session = session;
        this.onEnd = onEnd;
    }

    void start(CallContext callContext, HttpResponse response) {
        context = callContext;
        response.recover(ResponseRelay::refusal)
                .subscribe(this, callContext.eventLoop().withoutContext(), SubscriptionOption.WITH_POOLED_OBJECTS);
    }

    /** A service may refuse by throwing, as it may over HTTP. */
    private static HttpResponse refusal(Throwable failure) {
        var cause = Exceptions.peel(failure);
        if (cause instanceof HttpStatusException refused) {
            return HttpResponse.of(refused.httpStatus());
        }
        if (cause instanceof HttpResponseException refused) {
            return refused.httpResponse();
        }
        if (cause instanceof ContentTooLargeException) {
            return HttpResponse.of(HttpStatus.REQUEST_ENTITY_TOO_LARGE);
        }
        return HttpResponse.ofFailure(cause);
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        if (ended) {
            newSubscription.cancel();
        } else {
            requestNext();
        }
    }

    void onWritable() {
        requestNext();
    }

    private void requestNext() {
        if (!requested && !ended && subscription != null && session.isWritable()) {
            requested = true;
            subscription.request(1);
        }
    }

    @Override
    public void onNext(HttpObject object) {
        requested = false;
        if (object instanceof HttpData data) {
            onData(data);
        } else if (!ended && object instanceof ResponseHeaders headers) {
            onHeaders(headers);
        } else if (!ended && object instanceof HttpHeaders trailers) {
            onTrailers(trailers);
        }
        requestNext();
    }

    private void onHeaders(ResponseHeaders original) {
        if (context == null || original.status().isInformational()) {
            return;
        }
        var additional = context.additionalResponseHeaders();
        var headers = additional.isEmpty() ? original : original.withMutations(builder -> builder.set(additional));
        context.logBuilder().startResponse();
        context.logBuilder().responseHeaders(headers);
        context.logBuilder().responseFirstBytesTransferred();
        if (headers.contains(CallHeaders.GRPC_STATUS)) {
            send(CallHeaders.block(headers));
            endInOrder();
        } else if (!headers.status().equals(HttpStatus.OK)) {
            answer(HttpStatusMapping.toGrpc(headers.status()), "the service answered with HTTP " + headers.status());
        } else if (!CallHeaders.isGrpcWeb(headers)) {
            answer(HttpStatusMapping.UNKNOWN, "the service answered with content-type " + headers.contentType());
        } else {
            send(CallHeaders.block(headers));
        }
    }

    private void onTrailers(HttpHeaders trailers) {
        if (!trailers.contains(CallHeaders.GRPC_STATUS)) {
            return; // The end of the response will tell that there is none.
        }
        if (context != null) {
            context.logBuilder().responseTrailers(trailers);
        }
        send(CallHeaders.block(trailers));
        endInOrder();
    }

    private void onData(HttpData data) {
        if (ended || data.isEmpty()) {
            data.close();
            return;
        }
        if (context != null) {
            context.logBuilder().increaseResponseLength(data.length());
        }
        var bytes = data.byteBuf();
        frames.accept(bytes);
        var last = frames.trailersSeen();
        session.sendBinary(bytes);
        if (last) {
            endInOrder();
        }
    }

    @Override
    public void onComplete() {
        answer(HttpStatusMapping.INTERNAL, "the service ended without a status");
    }

    @Override
    public void onError(Throwable cause) {
        if (!ended) {
            logger.warn("{} the service failed", session.context(), cause);
            fail(HttpStatusMapping.UNKNOWN, "the service failed", cause);
        }
    }

    /** Ends the call with a status of ours, unless it has ended, because of what the service has answered. */
    private void answer(int status, String message) {
        finish(status, message, null);
    }

    /** Ends the call with a status of ours, unless it has ended, and tells the service why. */
    void fail(int status, String message, Throwable cause) {
        finish(status, message, cause);
    }

    /** Ends the call, for the server stops, unless it is in the middle of a message, where no trailers can be. */
    void leave() {
        if (frames.atFrameEnd()) {
            fail(HttpStatusMapping.UNAVAILABLE, "the server is stopping", ClosedSessionException.get());
        }
    }

    private void finish(int status, String message, @Nullable Throwable cause) {
        if (ended) {
            return;
        }
        if (frames.atFrameEnd()) {
            var trailers = HttpHeaders.of(
                    CallHeaders.GRPC_STATUS,
                    String.valueOf(status),
                    CallHeaders.GRPC_MESSAGE,
                    PercentEncoding.encode(message));
            if (context != null) {
                context.logBuilder().responseTrailers(trailers);
            }
            send(CallHeaders.block(trailers));
            session.close();
        } else {
            // Trailers would be taken for the rest of the message.
            session.close(CloseStatus.SERVER_ERROR.withReason("in the middle of a message: " + message));
        }
        stop(cause);
    }

    /** The response's own end. What may be behind it is read and dropped, so that the response completes. */
    private void endInOrder() {
        session.close();
        ended = true;
        if (subscription != null) {
            subscription.request(Long.MAX_VALUE);
        }
        onEnd.accept(null);
    }

    /** The socket is gone, or about to be: drops what the service has yet to say. */
    void cancel(Throwable cause) {
        if (!ended) {
            stop(cause);
        } else if (subscription != null) {
            subscription.cancel();
        }
    }

    private void stop(@Nullable Throwable cause) {
        ended = true;
        if (subscription != null) {
            subscription.cancel();
        }
        onEnd.accept(cause);
    }

    /** A send that fails has closed the session, which ends the call. */
    private void send(byte[] message) {
        session.sendBinary(message);
    }
}

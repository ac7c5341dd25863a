package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RequestTimeoutException;
import io.duplexer.bridge.grpc.HeaderBlock.MalformedException;
import io.duplexer.bridge.websocket.CloseStatus;
import io.duplexer.bridge.websocket.WebSocketListener;
import io.duplexer.bridge.websocket.WebSocketSession;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call on one WebSocket. Messages from the client:
 *
 * <pre>
 * first:       key: value\r\n ...      the call's headers
 * data:        0x00 | bytes            a part of the stream of gRPC frames
 * half-close:  0x01
 * </pre>
 *
 * Only {@code 0x01} is a half-close: a socket that closes before the trailers were sent has cancelled the call, whatever
 * its code. The {@link RequestFeed} hands the data on; the {@link ResponseRelay} writes the other direction.
 *
 * <p>Everything runs on the session's event loop.
 */
final class Call implements WebSocketListener {
    private static final byte DATA = 0;
    private static final byte HALF_CLOSE = 1;

    private final HttpService service;
    private final WebSocketSession session;
    private final ResponseRelay relay;
    private final ScheduledFuture<?> handshakeTimeout;
    private Phase phase = Phase.AWAITING_HEADERS;
    private @Nullable RequestFeed feed;
    private @Nullable CallContext context;

    private enum Phase {
        AWAITING_HEADERS,
        OPEN,
        HALF_CLOSED,
        /** The call has its status, or needs none any more. */
        ENDED
    }

    private Call(HttpService service, WebSocketSession session, Duration timeout) {
        this.service = service;
        this.session = session;
        relay = new ResponseRelay(session, this::onEnd);
        handshakeTimeout = session.context()
                .eventLoop()
                .withoutContext()
                .schedule(() -> onHandshakeTimeout(timeout), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    static Call open(HttpService service, WebSocketSession session, Duration handshakeTimeout) {
        return new Call(service, session, handshakeTimeout);
    }

    @Override
    public void onBinary(byte[] message) {
        switch (phase) {
            case AWAITING_HEADERS -> start(message);
            case OPEN -> receive(message);
            case HALF_CLOSED -> violate(CloseStatus.POLICY_VIOLATION, "message: after the half-close (expected: none)");
            case ENDED -> {
                // Sent before the client saw the end of the call.
            }
        }
    }

    @Override
    public void onText(String text) {
        switch (phase) {
            case AWAITING_HEADERS ->
                fail(HttpStatusMapping.INVALID_ARGUMENT, "headers: a text message (expected: a binary one)");
            case OPEN, HALF_CLOSED ->
                violate(CloseStatus.UNSUPPORTED_DATA, "message: text (expected: binary messages only)");
            case ENDED -> {
                // As above.
            }
        }
    }

    private void start(byte[] message) {
        handshakeTimeout.cancel(false);
        if (message.length > HeaderBlock.MAX_BYTES) {
            fail(
                    HttpStatusMapping.RESOURCE_EXHAUSTED,
                    "headers: " + message.length + " bytes (expected: at most " + HeaderBlock.MAX_BYTES + ")");
            return;
        }
        try {
            var headers = CallHeaders.request(session.headers(), HeaderBlock.parse(message));
            var request = HttpRequest.streaming(headers);
            var callContext = new CallContext(session.context(), service.options(), request, this::onCancelled);
            context = callContext;
            feed = new RequestFeed(session, request, callContext);
            phase = Phase.OPEN;
            callContext.startTimeout();
            relay.start(callContext, serve(callContext, request));
        } catch (MalformedException e) {
            fail(HttpStatusMapping.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
    }

    @SuppressWarnings("try") // The scope of a pushed context is never referenced.
    private HttpResponse serve(CallContext callContext, HttpRequest request) {
        try (var ignored = callContext.push()) {
            return service.serve(callContext, request);
        } catch (Exception e) {
            return HttpResponse.ofFailure(e);
        }
    }

    private void receive(byte[] message) {
        if (feed == null) {
            throw new IllegalStateException("open without a request");
        }
        if (message.length == 1 && message[0] == HALF_CLOSE) {
            phase = Phase.HALF_CLOSED;
            feed.close();
        } else if (message.length == 0 || message[0] != DATA) {
            violate(
                    CloseStatus.POLICY_VIOLATION,
                    "message: neither data nor half-close (expected: 0x00 and data, or 0x01)");
        } else if (message.length > 1 && !feed.write(message, 1)) {
            relay.fail(
                    HttpStatusMapping.RESOURCE_EXHAUSTED,
                    "request: longer than the service allows",
                    ContentTooLargeException.get());
        }
    }

    private void onHandshakeTimeout(Duration timeout) {
        fail(
                HttpStatusMapping.DEADLINE_EXCEEDED,
                "headers: none in " + timeout.toMillis() + " ms (expected: as the first message)");
    }

    /** Before there is a request: nobody has to be told but the client. */
    private void fail(int status, String message) {
        relay.fail(status, message, ClosedSessionException.get());
    }

    private void violate(CloseStatus status, String reason) {
        relay.cancel(ClosedSessionException.get());
        session.close(status.withReason(reason));
    }

    /** A deadline or the service itself cancelled the call. */
    private void onCancelled(Throwable cause) {
        if (cause instanceof RequestTimeoutException) {
            relay.fail(HttpStatusMapping.DEADLINE_EXCEEDED, "the deadline of the call has passed", cause);
        } else {
            relay.fail(HttpStatusMapping.CANCELLED, "the call was cancelled", cause);
        }
    }

    @Override
    public void onWritable() {
        relay.onWritable();
    }

    @Override
    public void onServerStopping() {
        relay.leave();
    }

    @Override
    public void onClosed(CloseStatus status) {
        var cause = ClosedSessionException.get();
        relay.cancel(cause);
        if (context != null) {
            context.cancel(cause);
        }
    }

    /** Nothing more goes to the service. */
    private void onEnd(@Nullable Throwable cause) {
        handshakeTimeout.cancel(false);
        phase = Phase.ENDED;
        if (feed != null) {
            feed.abort(cause == null ? ClosedSessionException.get() : cause);
        }
        if (context != null) {
            context.end(cause);
        }
    }
}

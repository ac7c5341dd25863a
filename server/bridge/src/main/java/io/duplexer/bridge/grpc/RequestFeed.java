package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequestWriter;
import io.duplexer.bridge.websocket.WebSocketSession;
import io.netty.channel.EventLoop;

/**
 * Hands the client's data to the service and stops reading the socket when too much of it waits there.
 *
 * <p>Not at once, though: a socket that is not read cannot tell that its client has closed it. A service that is behind by
 * less than the mark still learns of a cancellation immediately.
 *
 * <p>Everything runs on the session's event loop.
 */
final class RequestFeed {
    /** What may wait for the service before reading stops: one message more than this. */
    static final int READ_AHEAD_BYTES = 64 * 1024;
    /** What a waiting message takes in memory besides its bytes, roughly, so that tiny ones are bounded, too. */
    private static final int OVERHEAD_BYTES = 128;

    private final WebSocketSession session;
    private final HttpRequestWriter request;
    private final CallContext context;
    private final EventLoop loop;
    private long receivedBytes;
    private long waitingBytes;
    private boolean paused;

    RequestFeed(WebSocketSession session, HttpRequestWriter request, CallContext context) {
        this.session = session;
        this.request = request;
        this.context = context;
        loop = context.eventLoop().withoutContext();
    }

    /**
     * Writes what the message has from the offset on, without a copy.
     *
     * @return false if that is more than the service takes in one request
     */
    boolean write(byte[] message, int offset) {
        var length = message.length - offset;
        receivedBytes += length;
        var limit = context.maxRequestLength();
        if (limit > 0 && receivedBytes > limit) {
            return false;
        }
        context.logBuilder().increaseRequestLength(length);
        if (request.tryWrite(HttpData.wrap(message, offset, length))) {
            awaitConsumption((long) length + OVERHEAD_BYTES);
        }
        return true;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Whether consumed or dropped, it does not wait any more.
    private void awaitConsumption(long bytes) {
        var consumed = request.whenConsumed();
        if (consumed.isDone()) {
            return;
        }
        waitingBytes += bytes;
        if (!paused && waitingBytes > READ_AHEAD_BYTES) {
            paused = true;
            session.pauseReading();
        }
        consumed.whenComplete((unused, cause) -> {
            if (loop.inEventLoop()) {
                onConsumed(bytes);
            } else {
                loop.execute(() -> onConsumed(bytes));
            }
        });
    }

    private void onConsumed(long bytes) {
        waitingBytes -= bytes;
        if (paused && waitingBytes <= READ_AHEAD_BYTES / 2) {
            paused = false;
            session.resumeReading();
        }
    }

    /** The client's half-close. */
    void close() {
        request.close();
        context.logBuilder().endRequest();
    }

    /** Nothing more will come. Does nothing after a half-close that the service has seen. */
    void abort(Throwable cause) {
        request.abort(cause);
    }
}

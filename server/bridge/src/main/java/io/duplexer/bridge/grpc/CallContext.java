package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.ContextAwareBlockingTaskExecutor;
import com.linecorp.armeria.common.ContextAwareEventLoop;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.common.logging.RequestLogAccess;
import com.linecorp.armeria.common.logging.RequestLogBuilder;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.util.TimeoutMode;
import com.linecorp.armeria.server.RequestCancellationException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServiceOptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.ServiceRequestContextWrapper;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The context in which the service sees the call: that of the upgrade, but with the call's own request, log, limits and
 * cancellation. The limits start as those of the service's other requests. A timeout ends the call with a status instead
 * of cutting the WebSocket.
 *
 * <p>Cancellation happens on the event loop; every method may be called from any thread.
 */
final class CallContext extends ServiceRequestContextWrapper {
    private final ContextAwareEventLoop eventLoop;
    private final ContextAwareBlockingTaskExecutor blockingTaskExecutor;
    private final RequestLogBuilder log;
    private final CallTimeout timeout;
    private final Consumer<Throwable> onCancelled;
    private final CompletableFuture<Throwable> cancelling = new CompletableFuture<>();
    private final CompletableFuture<Throwable> cancelled = new CompletableFuture<>();
    private volatile HttpRequest request;
    private volatile long maxRequestLength;

    /**
     * The context of one call.
     *
     * @param options of the service
     * @param onCancelled answers the client, on the event loop, before the service is told that the call is cancelled:
     *     the client gets the right status whatever the service makes of it
     */
    CallContext(
            ServiceRequestContext upgrade,
            ServiceOptions options,
            HttpRequest request,
            Consumer<Throwable> onCancelled) {
        super(upgrade);
        this.request = request;
        this.onCancelled = onCancelled;
        eventLoop = ContextAwareEventLoop.of(this, upgrade.eventLoop().withoutContext());
        blockingTaskExecutor = ContextAwareBlockingTaskExecutor.of(
                this, upgrade.blockingTaskExecutor().withoutContext());
        var host = upgrade.config().virtualHost();
        maxRequestLength = orElse(options.maxRequestLength(), host.maxRequestLength());
        timeout = new CallTimeout(
                upgrade.eventLoop().withoutContext(),
                Duration.ofMillis(orElse(options.requestTimeoutMillis(), host.requestTimeoutMillis())),
                () -> cancel(RequestTimeoutException.get()));
        log = RequestLog.builder(this);
        log.startRequest();
        log.session(
                upgrade.log().ensureAvailable(RequestLogProperty.SESSION).channel(),
                upgrade.sessionProtocol(),
                upgrade.sslSession(),
                null);
        log.requestHeaders(request.headers());
        log.requestFirstBytesTransferred();
    }

    private static long orElse(long option, long otherwise) {
        return option >= 0 ? option : otherwise;
    }

    /** What {@code ServiceRequestContext.current()} returns, and what client calls of the service inherit from. */
    @Override
    public ServiceRequestContext root() {
        return this;
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public void updateRequest(HttpRequest newRequest) {
        request = newRequest;
    }

    @Override
    public HttpMethod method() {
        return request.method();
    }

    @Override
    public RequestLogAccess log() {
        return log;
    }

    @Override
    public RequestLogBuilder logBuilder() {
        return log;
    }

    @Override
    public ContextAwareEventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public ContextAwareBlockingTaskExecutor blockingTaskExecutor() {
        return blockingTaskExecutor;
    }

    @Override
    public long maxRequestLength() {
        return maxRequestLength;
    }

    @Override
    public void setMaxRequestLength(long newMaxRequestLength) {
        maxRequestLength = newMaxRequestLength;
    }

    void startTimeout() {
        timeout.start();
    }

    @Override
    public long requestTimeoutMillis() {
        return timeout.toMillis();
    }

    @Override
    public void clearRequestTimeout() {
        timeout.clear();
    }

    @Override
    public void setRequestTimeoutMillis(TimeoutMode mode, long millis) {
        timeout.set(mode, Duration.ofMillis(millis));
    }

    @Override
    public void setRequestTimeout(TimeoutMode mode, Duration duration) {
        timeout.set(mode, duration);
    }

    @Override
    public CompletableFuture<Throwable> whenRequestCancelling() {
        return cancelling;
    }

    @Override
    public CompletableFuture<Throwable> whenRequestCancelled() {
        return cancelled;
    }

    @Override
    public void cancel() {
        cancel(RequestCancellationException.get());
    }

    @Override
    public void timeoutNow() {
        cancel(RequestTimeoutException.get());
    }

    /** Ends the call. The first cause counts. */
    @Override
    public void cancel(Throwable cause) {
        var loop = eventLoop.withoutContext();
        if (!loop.inEventLoop()) {
            loop.execute(() -> cancel(cause));
        } else if (!cancelling.isDone()) {
            timeout.stop();
            onCancelled.accept(cause);
            cancelling.complete(cause);
            cancelled.complete(cause);
        }
    }

    @Override
    public boolean isCancelled() {
        return cancelling.isDone();
    }

    @Override
    public boolean isTimedOut() {
        return cancelling.getNow(null) instanceof RequestTimeoutException;
    }

    @Override
    public @Nullable Throwable cancellationCause() {
        return cancelling.getNow(null);
    }

    /** Completes the log of the call, whose response has ended: in order if there is no cause. */
    void end(@Nullable Throwable cause) {
        timeout.stop();
        if (cause == null) {
            log.endRequest();
            log.endResponse();
        } else {
            log.endRequest(cause);
            log.endResponse(cause);
        }
    }
}

package io.duplexer.bridge.gateway;

import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.healthcheck.HealthCheckerContext;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.AsyncCloseable;
import com.linecorp.armeria.common.util.Exceptions;
import io.duplexer.bridge.grpc.HttpStatusMapping;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one endpoint for its health, again and again, until it is closed. */
final class GrpcHealthChecker implements AsyncCloseable {
    private static final Logger logger = LoggerFactory.getLogger(GrpcHealthChecker.class);

    private static final RequestHeaders HEADERS = RequestHeaders.builder(
                    HttpMethod.POST, "/grpc.health.v1.Health/Check")
            .set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
            .set(HttpHeaderNames.TE, "trailers")
            .build();
    /** A {@code HealthCheckRequest} without a service, which asks for the whole server, in its frame. */
    private static final byte[] REQUEST = {0, 0, 0, 0, 0};
    /** A {@code HealthCheckResponse} with the status SERVING in its frame. */
    private static final byte[] SERVING = {0, 0, 0, 0, 2, 8, 1};

    private static final int OK = 0;

    private final HealthCheckerContext ctx;
    private final WebClient client;
    private volatile boolean closed;
    private @Nullable Boolean wasHealthy;

    private GrpcHealthChecker(HealthCheckerContext ctx, Duration timeout) {
        this.ctx = ctx;
        client = WebClient.builder(ctx.protocol(), ctx.endpoint())
                .options(ctx.clientOptions())
                .responseTimeoutMode(ResponseTimeoutMode.FROM_START)
                .responseTimeout(timeout)
                .build();
    }

    static GrpcHealthChecker start(HealthCheckerContext ctx, Duration timeout) {
        var checker = new GrpcHealthChecker(ctx, timeout);
        checker.check();
        return checker;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are handled.
    private void check() {
        client.execute(HttpRequest.of(HEADERS, HttpData.wrap(REQUEST)))
                .aggregate()
                .whenComplete(this::onAnswer);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The next check reports for itself.
    private void onAnswer(@Nullable AggregatedHttpResponse response, @Nullable Throwable cause) {
        if (closed) {
            return;
        }
        var healthy = response != null && isHealthy(response);
        if (wasHealthy == null ? !healthy : wasHealthy != healthy) {
            logger.warn(
                    "upstream {} is {}", ctx.endpoint().authority(), healthy ? "well again" : "not well" + why(cause));
        }
        wasHealthy = healthy;
        ctx.updateHealth(healthy ? 1 : 0, null, response == null ? null : response.headers(), cause);
        try {
            ctx.executor().schedule(this::check, ctx.nextDelayMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Closed in the meantime.
        }
    }

    private static String why(@Nullable Throwable cause) {
        var root = Exceptions.peel(cause == null ? new IllegalStateException("it does not serve") : cause);
        return ": "
                + (root instanceof UnprocessedRequestException && root.getCause() != null ? root.getCause() : root)
                        .getMessage();
    }

    private static boolean isHealthy(AggregatedHttpResponse response) {
        var status = status(response);
        return status == HttpStatusMapping.UNIMPLEMENTED
                || (status == OK && Arrays.equals(response.content().array(), SERVING));
    }

    /** A server that knows no such path may say so in plain HTTP. */
    private static int status(AggregatedHttpResponse response) {
        var status = response.trailers().getInt(ResponseEncoder.GRPC_STATUS);
        if (status == null) {
            status = response.headers().getInt(ResponseEncoder.GRPC_STATUS);
        }
        return status == null ? HttpStatusMapping.toGrpc(response.status()) : status;
    }

    @Override
    public CompletableFuture<?> closeAsync() {
        closed = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        closed = true;
    }
}

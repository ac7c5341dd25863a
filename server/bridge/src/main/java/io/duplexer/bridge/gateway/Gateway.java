package io.duplexer.bridge.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceOptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.bridge.gateway.GrpcMediaType.Form;
import io.duplexer.bridge.grpc.HttpStatusMapping;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves whatever remote gRPC servers serve, to clients of gRPC and of gRPC-Web:
 *
 * <pre>{@code
 * Server.builder().serviceUnder("/", Gateway.of(upstream).decorate(GrpcWebSocket.newDecorator()))
 * }</pre>
 *
 * <p>It passes frames on as they come, in both directions, as fast as the slower side takes them, and knows nothing of
 * services, methods and messages. A call ends with the status of the upstream, or else:
 *
 * <table>
 * <caption>Ends</caption>
 * <tr><th>cause</th><th>the client gets</th></tr>
 * <tr><td>no server of the upstream can be reached, or the connection is lost</td><td>UNAVAILABLE</td></tr>
 * <tr><td>plain HTTP from the upstream (502 ...)</td><td>the status that gRPC maps it to</td></tr>
 * <tr><td>no status from the upstream, or what is not gRPC</td><td>INTERNAL, UNKNOWN</td></tr>
 * <tr><td>a passed deadline</td><td>DEADLINE_EXCEEDED</td></tr>
 * <tr><td>a message above the limit, too many calls</td><td>RESOURCE_EXHAUSTED</td></tr>
 * <tr><td>a path that no upstream serves</td><td>UNIMPLEMENTED</td></tr>
 * <tr><td>a failure within a message, on gRPC-Web</td><td>a body that breaks off</td></tr>
 * <tr><td>a request that is not gRPC</td><td>HTTP 415 or 405</td></tr>
 * </table>
 *
 * An attempt that no server has processed is made again on another one. That is the case when no connection could be
 * opened, or the server refused the call unread; nothing else is ever sent twice.
 */
public final class Gateway implements HttpService {
    static final AsciiString GRPC_TIMEOUT = HttpHeaderNames.of("grpc-timeout");

    private static final String WEB_TEXT = "application/grpc-web-text";
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
    private static final int DEFAULT_MAX_CALLS = 10_000;

    /** Streams have no limit in time and length. The request of an answered call is of no use. */
    private static final ServiceOptions OPTIONS = ServiceOptions.builder()
            .requestTimeoutMillis(0)
            .maxRequestLength(0)
            .requestAutoAbortDelayMillis(0)
            .build();

    private final Routes routes;
    private final long maxMessageBytes;
    private final ActiveCalls calls;

    private Gateway(Routes routes, long maxMessageBytes, ActiveCalls calls) {
        this.routes = routes;
        this.maxMessageBytes = maxMessageBytes;
        this.calls = calls;
    }

    /** A gateway to one upstream, with all defaults. */
    public static Gateway of(Upstream upstream) {
        return builder().route("/", upstream).build();
    }

    /** Starts from the defaults, and no upstream. */
    public static Builder builder() {
        return new Builder();
    }

    /** The calls that have not ended yet, and what counts as one. */
    public int activeCalls() {
        return calls.count();
    }

    /** The upstream that serves a path; null if none does. */
    public @Nullable Upstream upstream(String path) {
        return routes.find(path);
    }

    /**
     * Hands on, as it is, what is no call of gRPC: a WebSocket of the upstream's own. It counts as a call as long as it
     * lasts. It is answered with 503 if there are too many or no server can be reached, with 404 if no upstream serves the
     * path.
     */
    public HttpResponse forward(ServiceRequestContext ctx, HttpRequest request) {
        var upstream = routes.find(request.path());
        if (upstream == null) {
            return HttpResponse.of(HttpStatus.NOT_FOUND);
        }
        var refusal = calls.enter();
        if (refusal != null) {
            return HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE, MediaType.PLAIN_TEXT_UTF_8, refusal.message());
        }
        var response = upstream.forward(ctx, request);
        var unused = response.whenComplete().whenComplete((done, cause) -> calls.leave());
        return response;
    }

    /**
     * Ends the calls that have not ended by themselves in time with UNAVAILABLE: for a server that stops. Calls that come
     * then end so at once.
     *
     * @param gracePeriod that calls get to end by themselves in
     */
    public void closeAfter(Duration gracePeriod) {
        calls.endAllAfter(gracePeriod);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        var headers = request.headers();
        var requestType = GrpcMediaType.parse(headers.get(HttpHeaderNames.CONTENT_TYPE));
        if (requestType == null) {
            return HttpResponse.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    MediaType.PLAIN_TEXT_UTF_8,
                    "content-type: not of gRPC (expected: application/grpc or application/grpc-web)");
        }
        if (ctx.method() != HttpMethod.POST) {
            return HttpResponse.of(HttpStatus.METHOD_NOT_ALLOWED);
        }
        ctx.clearRequestTimeout(); // Once more, for routes that override the options.
        ctx.setMaxRequestLength(0);
        var responseType = asksForText(headers.get(HttpHeaderNames.ACCEPT), requestType)
                ? new GrpcMediaType(Form.WEB_TEXT, requestType.encoding())
                : requestType;
        var upstream = routes.find(headers.path());
        if (upstream == null) {
            return refuse(
                    responseType,
                    HttpStatusMapping.UNIMPLEMENTED,
                    "path: no upstream serves it (expected: /package.Service/Method of one that does)");
        }
        try {
            var timeout = headers.get(GRPC_TIMEOUT);
            return HttpResponse.of(new GatewayCall(
                    ctx,
                    request,
                    upstream,
                    requestType,
                    responseType,
                    maxMessageBytes,
                    calls,
                    timeout == null ? null : Deadline.in(GrpcTimeout.parse(timeout))));
        } catch (IllegalArgumentException e) {
            return refuse(responseType, HttpStatusMapping.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
    }

    /** A client of binary gRPC-Web may want its answers in text, which is all that an old browser can read as it comes. */
    private static boolean asksForText(@Nullable String accept, GrpcMediaType requestType) {
        return requestType.form() == Form.WEB && accept != null && accept.contains(WEB_TEXT);
    }

    private static HttpResponse refuse(GrpcMediaType type, int status, String message) {
        return HttpResponse.of(new ResponseEncoder(type).trailersOnly(new Failure(status, message)));
    }

    @Override
    public ServiceOptions options() {
        return OPTIONS;
    }

    /** Builds a {@link Gateway}. */
    public static final class Builder {
        private final Map<String, Upstream> routes = new HashMap<>();
        private int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
        private int maxCalls = DEFAULT_MAX_CALLS;

        private Builder() {}

        /**
         * Which upstream serves the paths that start with {@code prefix}; the longest prefix counts. There is none by
         * default.
         *
         * @param prefix such as {@code /package.Service/}, or {@code /} for all that no other prefix fits
         * @throws IllegalArgumentException if it does not start and end with a slash, or has an upstream already
         */
        public Builder route(String prefix, Upstream upstream) {
            if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
                throw new IllegalArgumentException("prefix: " + prefix + " (expected: /package.Service/ or /)");
            }
            if (routes.putIfAbsent(prefix, upstream) != null) {
                throw new IllegalArgumentException("prefix: " + prefix + " twice (expected: one upstream for each)");
            }
            return this;
        }

        /** The largest message in either direction: RESOURCE_EXHAUSTED above. Default: 4 MiB, as gRPC's own clients. */
        public Builder maxMessageBytes(int bytes) {
            maxMessageBytes = requirePositive("bytes", bytes);
            return this;
        }

        /** How many calls there may be at once: RESOURCE_EXHAUSTED above. Default: 10,000. */
        public Builder maxCalls(int calls) {
            maxCalls = requirePositive("calls", calls);
            return this;
        }

        private static int requirePositive(String name, int value) {
            if (value <= 0) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
            return value;
        }

        /**
         * The gateway.
         *
         * @throws IllegalStateException if there is no route
         */
        public Gateway build() {
            if (routes.isEmpty()) {
                throw new IllegalStateException("routes: none (expected: at least one)");
            }
            return new Gateway(new Routes(routes), maxMessageBytes, new ActiveCalls(maxCalls));
        }
    }
}

package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceOptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.websocket.WebSocketProtocolHandler;
import com.linecorp.armeria.server.websocket.WebSocketService;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An Armeria service that is a WebSocket endpoint: over HTTP/1.1 (RFC 6455) and over HTTP/2, in the clear or in TLS (RFC
 * 8441). It may share its path with an ordinary service, see {@link WebSocketEndpointBuilder#fallback}.
 *
 * <p>Over HTTP/2 many sessions may share a connection and its flow-control window, which Armeria makes as large as the
 * window of one stream. Where sessions {@linkplain WebSocketSession#pauseReading() pause reading}, let the server's {@code
 * http2InitialConnectionWindowSize} be a multiple of its {@code http2InitialStreamWindowSize}, or one of them can hold up
 * the others.
 *
 * <p>When a server stops, the sessions of all of its endpoints are closed first, at once, with {@link
 * CloseStatus#GOING_AWAY} or as their listeners do it ({@link WebSocketListener#onServerStopping()}), which takes at most
 * their longest {@link WebSocketConfig#stopTimeout()}, and new handshakes are answered with 503.
 */
public final class WebSocketEndpoint implements WebSocketService {
    /** Bodies here are conversations, without limit in time and length. Those of refused handshakes end with the answer. */
    private static final ServiceOptions OPTIONS = ServiceOptions.builder()
            .requestTimeoutMillis(0)
            .maxRequestLength(0)
            .requestAutoAbortDelayMillis(0)
            .closeHttp2StreamDelayMillis(0)
            .build();

    private final WebSocketHandler handler;
    private final @Nullable HttpService fallback;
    private final WebSocketConfig config;
    private final Handshake handshake;
    private final SessionRegistry registry;

    WebSocketEndpoint(
            WebSocketHandler handler,
            @Nullable HttpService fallback,
            Subprotocols subprotocols,
            OriginPolicy origins,
            WebSocketConfig config) {
        this.handler = handler;
        this.fallback = fallback;
        this.config = config;
        handshake = new Handshake(subprotocols, origins, new CompressionNegotiator(config.compression()));
        registry = new SessionRegistry(config.stopTimeout());
    }

    /** Builds an endpoint whose sessions are accepted by {@code handler}. */
    public static WebSocketEndpointBuilder builder(WebSocketHandler handler) {
        return new WebSocketEndpointBuilder(handler);
    }

    SessionRegistry registry() {
        return registry;
    }

    /** The number of sessions whose listeners have not been told that they are closed. */
    public int openSessions() {
        return registry.size();
    }

    /** Closes all open sessions. Completes when the last of their connections is gone. */
    public CompletableFuture<Void> closeAll(CloseStatus status) {
        return registry.closeAll(status);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) throws Exception {
        if (registry.isStopping(ctx.config().server()) && Handshake.isUpgrade(ctx, req.headers())) {
            return refuse(
                    ctx,
                    HttpResponse.of(
                            HttpStatus.SERVICE_UNAVAILABLE, MediaType.PLAIN_TEXT_UTF_8, "The server is stopping"));
        }
        Handshake.Result result = handshake.negotiate(ctx, req.headers());
        if (result instanceof Handshake.Accepted accepted) {
            return open(ctx, accepted);
        }
        if (result instanceof Handshake.Refused refused) {
            return refuse(ctx, refused.response());
        }
        return serveOrdinary(ctx, req);
    }

    /** Ends the request, too: an upgrade's never ends by itself, and would count as unfinished when the server stops. */
    private static HttpResponse refuse(ServiceRequestContext ctx, HttpResponse response) {
        ctx.setRequestAutoAbortDelayMillis(0);
        return response;
    }

    private HttpResponse open(ServiceRequestContext ctx, Handshake.Accepted accepted) {
        // The first two for routes that override the options, and for the options of a fallback.
        ctx.clearRequestTimeout();
        ctx.setMaxRequestLength(0);
        // The session itself ends the request, since the peer may have more to say after the response has ended.
        ctx.setRequestAutoAbortDelayMillis(Long.MAX_VALUE);
        return new SessionEngine(ctx, accepted, handler, registry, config).start();
    }

    private HttpResponse serveOrdinary(ServiceRequestContext ctx, HttpRequest req) throws Exception {
        if (fallback == null) {
            return ctx.method() == HttpMethod.GET ? upgradeRequired() : methodNotAllowed();
        }
        return fallback.serve(ctx, req);
    }

    private static HttpResponse upgradeRequired() {
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.UPGRADE_REQUIRED)
                .add(HttpHeaderNames.UPGRADE, "websocket")
                .contentType(MediaType.PLAIN_TEXT_UTF_8)
                .build();
        return HttpResponse.of(headers, HttpData.ofUtf8("This is a WebSocket endpoint"));
    }

    private static HttpResponse methodNotAllowed() {
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.METHOD_NOT_ALLOWED)
                .add(HttpHeaderNames.ALLOW, "GET")
                .contentType(MediaType.PLAIN_TEXT_UTF_8)
                .build();
        return HttpResponse.of(headers, HttpData.ofUtf8("This is a WebSocket endpoint"));
    }

    @Override
    public void serviceAdded(ServiceConfig cfg) throws Exception {
        registry.watch(cfg.server());
        if (fallback != null) {
            fallback.serviceAdded(cfg);
        }
    }

    /** Finds the fallback's types, too: what looks for a gRPC service or CORS behind its decorators finds it here. */
    @Override
    public <T> @Nullable T as(Class<T> type) {
        T self = WebSocketService.super.as(type);
        return self != null || fallback == null ? self : fallback.as(type);
    }

    /** An upgrade streams in both directions; an ordinary request is the fallback's. */
    @Override
    public ExchangeType exchangeType(RoutingContext routingContext) {
        boolean upgrade = routingContext.headers().contains(HttpHeaderNames.UPGRADE)
                || routingContext.method() == HttpMethod.CONNECT;
        return fallback == null || upgrade ? ExchangeType.BIDI_STREAMING : fallback.exchangeType(routingContext);
    }

    /** Ordinary requests have those of the fallback; a session makes itself free of them. */
    @Override
    public ServiceOptions options() {
        return fallback == null ? OPTIONS : fallback.options();
    }

    /** Not used: {@link #serve(ServiceRequestContext, HttpRequest)} works on the bytes of both directions. */
    @Override
    public WebSocket serve(ServiceRequestContext ctx, WebSocket in) {
        throw new UnsupportedOperationException("This endpoint does not use Armeria's WebSocket frames");
    }

    /** Not used, see {@link #serve(ServiceRequestContext, WebSocket)}. */
    @Override
    public WebSocketProtocolHandler protocolHandler() {
        throw new UnsupportedOperationException("This endpoint does not use Armeria's WebSocket frames");
    }
}

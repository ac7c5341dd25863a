package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceOptions;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.websocket.WebSocketProtocolHandler;
import com.linecorp.armeria.server.websocket.WebSocketService;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.util.AsciiString;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Hands WebSockets on to another server, bytes as they are: subprotocol, extensions, frames and close codes are that
 * server's. The target gets each as one extended CONNECT request (RFC 8441), whichever way the client asked for it.
 *
 * <p>Only the origin is looked at here, because the target cannot compare it with its own address. The client's address is
 * added to {@code x-forwarded-for}.
 */
public final class WebSocketTunnel implements WebSocketService {
    private static final ServiceOptions OPTIONS = ServiceOptions.builder()
            .requestTimeoutMillis(0)
            .maxRequestLength(0)
            .requestAutoAbortDelayMillis(0)
            .build();

    /** Of the connection, or for this side to answer. */
    private static final Set<AsciiString> NOT_HANDED_ON = Set.of(
            HttpHeaderNames.CONNECTION,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.HOST,
            HttpHeaderNames.ORIGIN,
            HttpHeaderNames.SEC_WEBSOCKET_KEY,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE);

    private final HttpService target;
    private final HttpService fallback;
    private final Handshake handshake;
    private final Set<TunnelledResponse> open = ConcurrentHashMap.newKeySet();
    private volatile boolean goingAway;

    private WebSocketTunnel(HttpService target, HttpService fallback, Handshake handshake) {
        this.target = target;
        this.fallback = fallback;
        this.handshake = handshake;
    }

    /**
     * A tunnel to {@code target}.
     *
     * @param target executes requests on a server that speaks WebSocket over HTTP/2
     * @param fallback serves the requests that do not ask for a WebSocket
     * @param origins which pages may connect; others get 403
     */
    public static WebSocketTunnel to(HttpService target, HttpService fallback, OriginPolicy origins) {
        return new WebSocketTunnel(target, fallback, Handshake.withoutChoice(origins));
    }

    /**
     * Closes the WebSockets that are open with {@link CloseStatus#GOING_AWAY}, each when the frame that is on its way has
     * passed, and those that open later: for a server that stops. To the target their clients are lost. Does not wait.
     */
    public void goAway() {
        goingAway = true;
        open.forEach(TunnelledResponse::goAway);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        var result = handshake.negotiate(ctx, request.headers());
        if (result instanceof Handshake.Refused refused) {
            return refused.response();
        }
        if (result instanceof Handshake.Accepted accepted) {
            ctx.clearRequestTimeout();
            ctx.setMaxRequestLength(0);
            var answer = target.serve(ctx, HttpRequest.of(connect(ctx, request.headers()), request))
                    .mapHeaders(
                            headers -> headers.status().equals(HttpStatus.OK) ? answer(accepted, headers) : headers);
            return open(ctx, TunnelledResponse.of(ctx, answer));
        }
        return fallback.serve(ctx, request);
    }

    private HttpResponse open(ServiceRequestContext ctx, TunnelledResponse tunnelled) {
        var response = tunnelled.toClient();
        open.add(tunnelled);
        var unused = response.whenComplete().handle((done, cause) -> open.remove(tunnelled));
        if (goingAway) {
            tunnelled.goAway(); // It came too late to be told with the others.
        }
        if (ctx.sessionProtocol().isExplicitHttp1()) {
            endConnectionAfter(ctx, response);
        }
        return response;
    }

    private static RequestHeaders connect(ServiceRequestContext ctx, RequestHeaders original) {
        var connect =
                RequestHeaders.builder(HttpMethod.CONNECT, original.path()).set(HttpHeaderNames.PROTOCOL, "websocket");
        original.forEach((name, value) -> {
            if (!name.startsWith(":") && !NOT_HANDED_ON.contains(name)) {
                connect.add(name, value);
            }
        });
        return connect.add(
                        HttpHeaderNames.X_FORWARDED_FOR,
                        ctx.remoteAddress().getAddress().getHostAddress())
                .build();
    }

    /** The handshake's own headers, and what the target has chosen. */
    private static ResponseHeaders answer(Handshake.Accepted accepted, ResponseHeaders chosen) {
        var headers = accepted.headers().toBuilder();
        chosen.forEach((name, value) -> {
            if (!name.startsWith(":") && !headers.contains(name)) {
                headers.add(name, value);
            }
        });
        return headers.build();
    }

    /** Clients wait for it, and Armeria would keep the connection for seconds. */
    private static void endConnectionAfter(ServiceRequestContext ctx, HttpResponse response) {
        var channel = ctx.log().ensureAvailable(RequestLogProperty.SESSION).channel();
        if (channel == null) {
            return;
        }
        var unused = response.whenComplete().whenComplete((done, cause) -> {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> end(channel));
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Closing a channel does not fail.
    private static void end(Channel channel) {
        Lingering.end(channel);
        channel.eventLoop()
                .schedule(
                        () -> channel.close(),
                        WebSocketConfig.DEFAULT.closeTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public ExchangeType exchangeType(RoutingContext routingContext) {
        return ExchangeType.BIDI_STREAMING;
    }

    @Override
    public ServiceOptions options() {
        return OPTIONS;
    }

    /** Not used, see {@link WebSocketEndpoint}. */
    @Override
    public WebSocket serve(ServiceRequestContext ctx, WebSocket in) {
        throw new UnsupportedOperationException("This endpoint does not use Armeria's WebSocket frames");
    }

    /** Not used, see {@link WebSocketEndpoint}. */
    @Override
    public WebSocketProtocolHandler protocolHandler() {
        throw new UnsupportedOperationException("This endpoint does not use Armeria's WebSocket frames");
    }
}

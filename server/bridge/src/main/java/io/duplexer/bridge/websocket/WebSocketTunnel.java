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
import io.netty.channel.ChannelFutureListener;
import io.netty.util.AsciiString;
import java.util.Set;

/**
 * Hands WebSockets on to another server, bytes as they are: subprotocol, extensions, frames and close codes are that
 * server's. The target gets each as one extended CONNECT request (RFC 8441), whichever way the client asked for it.
 *
 * <p>Only the origin is looked at here, because the target cannot compare it with its own address.
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

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        var result = handshake.negotiate(ctx, request.headers());
        if (result instanceof Handshake.Refused refused) {
            return refused.response();
        }
        if (result instanceof Handshake.Accepted accepted) {
            ctx.clearRequestTimeout();
            ctx.setMaxRequestLength(0);
            var response = target.serve(ctx, HttpRequest.of(connect(request.headers()), request))
                    .mapHeaders(
                            headers -> headers.status().equals(HttpStatus.OK) ? answer(accepted, headers) : headers);
            if (ctx.sessionProtocol().isExplicitHttp1()) {
                closeConnectionAfter(ctx, response);
            }
            return response;
        }
        return fallback.serve(ctx, request);
    }

    private static RequestHeaders connect(RequestHeaders original) {
        var connect =
                RequestHeaders.builder(HttpMethod.CONNECT, original.path()).set(HttpHeaderNames.PROTOCOL, "websocket");
        original.forEach((name, value) -> {
            if (!name.startsWith(":") && !NOT_HANDED_ON.contains(name)) {
                connect.add(name, value);
            }
        });
        return connect.build();
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
    private static void closeConnectionAfter(ServiceRequestContext ctx, HttpResponse response) {
        var channel = ctx.log().ensureAvailable(RequestLogProperty.SESSION).channel();
        if (channel == null) {
            return;
        }
        var unused = response.whenComplete().whenComplete((done, cause) -> {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        });
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

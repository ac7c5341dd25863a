package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.eclipse.jetty.websocket.core.util.WebSocketUtils;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the opening handshake: RFC 6455, section 4.2 for HTTP/1.1, RFC 8441, section 5 for HTTP/2.
 *
 * @param subprotocols what may be negotiated
 * @param origins which pages may connect
 * @param compression the endpoint's offer of permessage-deflate
 */
record Handshake(Subprotocols subprotocols, OriginPolicy origins, CompressionNegotiator compression) {
    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    /** What a request turns out to be. */
    sealed interface Result {}

    /** It does not ask for a WebSocket at all. */
    record NotAnUpgrade() implements Result {}

    /** It asks wrongly. */
    record Refused(HttpResponse response) implements Result {}

    /**
     * It is to be answered with these headers.
     *
     * @param compression to be released when the session is over
     */
    record Accepted(
            ResponseHeaders headers,
            @Nullable String subprotocol,
            CompressionNegotiator.@Nullable Agreement compression)
            implements Result {}

    /** For whoever leaves subprotocols and extensions to another server. */
    static Handshake withoutChoice(OriginPolicy origins) {
        return new Handshake(
                new Subprotocols(List.of(), false), origins, new CompressionNegotiator(WebSocketCompression.upTo(0)));
    }

    /** Whether a request asks for a WebSocket, rightly or wrongly. */
    static boolean isUpgrade(ServiceRequestContext ctx, RequestHeaders headers) {
        return ctx.sessionProtocol().isExplicitHttp1() ? isHttp1Upgrade(headers) : isHttp2Upgrade(headers);
    }

    Result negotiate(ServiceRequestContext ctx, RequestHeaders headers) {
        if (!isUpgrade(ctx, headers)) {
            return new NotAnUpgrade();
        }
        boolean http1 = ctx.sessionProtocol().isExplicitHttp1();
        if (!headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION).equals(List.of(VERSION))) {
            return new Refused(wrongVersion());
        }
        if (http1 && !isKey(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
            return refused(HttpStatus.BAD_REQUEST, "Sec-WebSocket-Key must be 16 bytes in base64, once");
        }
        List<String> origin = headers.getAll(HttpHeaderNames.ORIGIN);
        if (origin.size() > 1 || !origins.allows(ctx, origin.isEmpty() ? null : origin.get(0))) {
            return refused(HttpStatus.FORBIDDEN, "This origin is not allowed");
        }
        Subprotocols.Choice choice = subprotocols.choose(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
        if (choice == null && subprotocols.required()) {
            return refused(
                    HttpStatus.BAD_REQUEST,
                    "Sec-WebSocket-Protocol must offer one of: " + String.join(", ", subprotocols.names()));
        }
        try {
            return accept(
                    http1,
                    headers,
                    choice,
                    compression.negotiate(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)));
        } catch (IllegalArgumentException e) {
            return refused(HttpStatus.BAD_REQUEST, "Sec-WebSocket-Extensions is malformed");
        }
    }

    private static Accepted accept(
            boolean http1,
            RequestHeaders request,
            Subprotocols.@Nullable Choice choice,
            CompressionNegotiator.@Nullable Agreement agreement) {
        ResponseHeadersBuilder response = http1
                ? ResponseHeaders.builder(HttpStatus.SWITCHING_PROTOCOLS)
                        .add(HttpHeaderNames.UPGRADE, "websocket")
                        .add(HttpHeaderNames.CONNECTION, "Upgrade")
                        .add(
                                HttpHeaderNames.SEC_WEBSOCKET_ACCEPT,
                                WebSocketUtils.hashKey(request.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "")))
                : ResponseHeaders.builder(HttpStatus.OK);
        if (choice != null) {
            response.add(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, choice.asOffered());
        }
        if (agreement != null) {
            response.add(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, agreement.headerValue());
        }
        return new Accepted(response.build(), choice == null ? null : choice.name(), agreement);
    }

    private static boolean isHttp1Upgrade(RequestHeaders headers) {
        return headers.method() == HttpMethod.GET
                && hasToken(headers.getAll(HttpHeaderNames.UPGRADE), "websocket")
                && hasToken(headers.getAll(HttpHeaderNames.CONNECTION), "upgrade");
    }

    private static boolean isHttp2Upgrade(RequestHeaders headers) {
        return headers.method() == HttpMethod.CONNECT
                && "websocket".equalsIgnoreCase(headers.get(HttpHeaderNames.PROTOCOL));
    }

    private static boolean hasToken(List<String> values, String token) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .anyMatch(part -> part.strip().equalsIgnoreCase(token));
    }

    private static boolean isKey(List<String> values) {
        try {
            return values.size() == 1 && Base64.getDecoder().decode(values.get(0)).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static HttpResponse wrongVersion() {
        ResponseHeaders headers = ResponseHeaders.builder(HttpStatus.UPGRADE_REQUIRED)
                .add(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION)
                .contentType(MediaType.PLAIN_TEXT_UTF_8)
                .build();
        return HttpResponse.of(headers, HttpData.ofUtf8("Sec-WebSocket-Version must be 13"));
    }

    private static Refused refused(HttpStatus status, String text) {
        return new Refused(HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, text));
    }
}

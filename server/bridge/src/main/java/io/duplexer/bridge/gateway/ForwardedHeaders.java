package io.duplexer.bridge.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.Set;

/**
 * Which headers pass, and how. Everything does, metadata that nobody has heard of included, but for three kinds: those of
 * one connection (RFC 9110, section 7.6.1), those that say how a body is encoded, which each side decides for itself, and
 * those of the Fetch Standard, whose business is between the browser and the gateway. Pure.
 */
final class ForwardedHeaders {
    private static final AsciiString X_GRPC_WEB = HttpHeaderNames.of("x-grpc-web");

    private static final Set<AsciiString> OF_A_CONNECTION = Set.of(
            HttpHeaderNames.CONNECTION,
            HttpHeaderNames.of("keep-alive"),
            HttpHeaderNames.of("proxy-connection"),
            HttpHeaderNames.of("http2-settings"),
            HttpHeaderNames.TE,
            HttpHeaderNames.TRAILER,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE,
            HttpHeaderNames.CONTENT_LENGTH);

    private static final Set<AsciiString> OF_THE_REQUEST_ALONE = Set.of(
            HttpHeaderNames.ACCEPT,
            HttpHeaderNames.ACCEPT_ENCODING,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.EXPECT,
            HttpHeaderNames.HOST,
            HttpHeaderNames.ORIGIN,
            X_GRPC_WEB);

    private static final Set<AsciiString> OF_THE_RESPONSE_ALONE =
            Set.of(HttpHeaderNames.CONTENT_TYPE, HttpHeaderNames.SERVER, HttpHeaderNames.of("alt-svc"));

    private ForwardedHeaders() {}

    /**
     * The request that the upstream gets. The client's address is added to {@code x-forwarded-for}.
     *
     * @param client whose connection it came by
     */
    static RequestHeaders request(RequestHeaders original, GrpcMediaType mediaType, InetAddress client) {
        var headers = RequestHeaders.builder(HttpMethod.POST, original.path());
        original.forEach((name, value) -> {
            if (passes(name) && !OF_THE_REQUEST_ALONE.contains(name) && !isOfFetch(name)) {
                headers.add(name, value);
            }
        });
        return headers.set(HttpHeaderNames.CONTENT_TYPE, mediaType.upstream())
                .set(HttpHeaderNames.TE, "trailers")
                .add(HttpHeaderNames.X_FORWARDED_FOR, client.getHostAddress())
                .build();
    }

    /** The response that the client gets, whatever its status was: gRPC has a status of its own. */
    static ResponseHeaders response(ResponseHeaders original, GrpcMediaType mediaType) {
        var headers = ResponseHeaders.builder(HttpStatus.OK).endOfStream(original.isEndOfStream());
        addAll(headers, original);
        return headers.set(HttpHeaderNames.CONTENT_TYPE, mediaType.value()).build();
    }

    static HttpHeaders trailers(HttpHeaders original) {
        var trailers = HttpHeaders.builder();
        addAll(trailers, original);
        return trailers.build();
    }

    private static void addAll(HttpHeadersBuilder headers, HttpHeaders original) {
        original.forEach((name, value) -> {
            if (passes(name) && !OF_THE_RESPONSE_ALONE.contains(name) && !isOfCors(name)) {
                headers.add(name, value);
            }
        });
    }

    private static boolean passes(AsciiString name) {
        return !name.isEmpty() && name.charAt(0) != ':' && !OF_A_CONNECTION.contains(name);
    }

    private static boolean isOfFetch(AsciiString name) {
        return name.startsWith("sec-") || isOfCors(name);
    }

    private static boolean isOfCors(AsciiString name) {
        return name.startsWith("access-control-");
    }
}

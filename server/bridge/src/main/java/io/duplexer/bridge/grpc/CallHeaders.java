package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import io.duplexer.bridge.grpc.HeaderBlock.MalformedException;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which headers a call gets, and which of its response's the client gets. Pure. */
final class CallHeaders {
    static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
    static final AsciiString GRPC_MESSAGE = AsciiString.cached("grpc-message");

    /** Text is base64, which would have to be decoded to find its frames; WebSocket has binary messages instead. */
    private static final Pattern GRPC_WEB =
            Pattern.compile("application/grpc-web(\\+[^ ;]+)? *(;.*)?", Pattern.CASE_INSENSITIVE);

    /** Of one connection and not of the call (RFC 9110, section 7.6.1), or set by whoever makes the request. */
    private static final Set<String> NOT_OF_THE_CALL = Set.of(
            "accept-encoding",
            "connection",
            "content-length",
            "date",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            // The clients of this protocol cannot decompress.
            "grpc-accept-encoding");

    /**
     * What browsers and proxies vouch for: scripts cannot set it on a request, so they cannot in a first message either,
     * which no proxy checks.
     */
    private static final Pattern OF_THE_UPGRADE_ONLY =
            Pattern.compile("origin|forwarded|x-forwarded-.*|x-real-ip|via|proxy-.*|sec-.*");

    private CallHeaders() {}

    /**
     * The request of the call: the upgrade's headers, cookies and all, and those of the first message, which win.
     *
     * @throws MalformedException if it is not a call that can be answered here
     */
    static RequestHeaders request(RequestHeaders upgrade, HttpHeaders first) throws MalformedException {
        if (!isGrpcWeb(first)) {
            throw new MalformedException("content-type: " + first.get(HttpHeaderNames.CONTENT_TYPE, "none")
                    + " (expected: application/grpc-web+proto or another application/grpc-web, but not text)");
        }
        var request = RequestHeaders.builder(HttpMethod.POST, upgrade.path())
                .scheme(upgrade.scheme() == null ? "http" : upgrade.scheme())
                .authority(upgrade.authority() == null ? "" : upgrade.authority());
        for (var header : upgrade) {
            var name = header.getKey();
            if (isOfTheCall(name)
                    && !name.startsWith("sec-websocket-")
                    && (!first.contains(name) || isOfTheUpgradeOnly(name))) {
                request.add(name, header.getValue());
            }
        }
        for (var header : first) {
            if (isOfTheCall(header.getKey()) && !isOfTheUpgradeOnly(header.getKey())) {
                request.add(header.getKey(), header.getValue());
            }
        }
        return request.build();
    }

    /** The response headers, or the trailers, as the block that the client is sent. */
    static byte[] block(HttpHeaders headers) {
        return HeaderBlock.write(headers.stream()
                .filter(header -> isOfTheCall(header.getKey()))
                .map(header -> Map.entry(header.getKey().toString(), header.getValue()))
                .toList());
    }

    /** Whether the content type is gRPC-Web in its binary form. */
    static boolean isGrpcWeb(HttpHeaders headers) {
        return GRPC_WEB.matcher(headers.get(HttpHeaderNames.CONTENT_TYPE, "")).matches();
    }

    private static boolean isOfTheCall(AsciiString name) {
        return !name.startsWith(":") && !NOT_OF_THE_CALL.contains(name.toString());
    }

    private static boolean isOfTheUpgradeOnly(AsciiString name) {
        return OF_THE_UPGRADE_ONLY.matcher(name).matches();
    }
}

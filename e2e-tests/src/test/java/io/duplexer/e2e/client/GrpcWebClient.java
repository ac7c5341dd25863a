package io.duplexer.e2e.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;

/** gRPC-Web over HTTP/1.1, as a browser speaks it on a page without TLS: unary calls and server streams. */
public final class GrpcWebClient extends CallingClient {
    /** Its own, with connections of its own: the server's limits are counted by connection. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI server;
    private final String contentType;
    private final boolean base64;

    /**
     * A client of the given server.
     *
     * @param contentType one of the four of gRPC-Web
     */
    public GrpcWebClient(URI server, String contentType) {
        this.server = server;
        this.contentType = contentType;
        this.base64 = contentType.startsWith("application/grpc-web-text");
    }

    /** Starts a call of {@code method}. */
    public <T extends MessageLite> GrpcWebCall<T> call(
            MethodDescriptor<?, ?> method, MessageLite request, Parser<T> parser, Consumer<T> onMessage) {
        return call(method.getFullMethodName(), Map.of(), request, parser, onMessage);
    }

    /**
     * Starts a call.
     *
     * @param method as {@code package.Service/Method}
     * @param headers besides the usual ones
     */
    public <T extends MessageLite> GrpcWebCall<T> call(
            String method, Map<String, String> headers, MessageLite request, Parser<T> parser, Consumer<T> onMessage) {
        var frame = GrpcWebFrames.encode(0, request.toByteString());
        var http1 = HttpRequest.newBuilder(server.resolve("/" + method))
                .header("content-type", contentType)
                .header("accept", contentType)
                .header("x-grpc-web", "1")
                .POST(BodyPublishers.ofByteArray(base64 ? Base64.getEncoder().encode(frame) : frame));
        headers.forEach(http1::header);
        var call = new GrpcWebCall<T>(parser, onMessage, base64);
        call.start(http.sendAsync(http1.build(), call::onHeaders));
        return call;
    }

    @Override
    <Q extends MessageLite, T extends MessageLite> Call start(
            MethodDescriptor<Q, T> method, Q request, Parser<T> parser, Consumer<T> onMessage) {
        return call(method, request, parser, onMessage);
    }
}

package io.duplexer.bridge.grpc;

import com.linecorp.armeria.server.HttpService;
import io.duplexer.bridge.websocket.OriginPolicy;
import io.duplexer.bridge.websocket.WebSocketConfig;
import io.duplexer.bridge.websocket.WebSocketEndpoint;
import java.time.Duration;
import java.util.function.Function;

/**
 * Adds gRPC over WebSocket to a service that speaks gRPC-Web, such as Armeria's {@code GrpcService}, on the same paths:
 *
 * <pre>{@code
 * Server.builder().service(grpcService, GrpcWebSocket.newDecorator())
 * }</pre>
 *
 * <p>The protocol is that of {@code @improbable-eng/grpc-web}, which {@code nice-grpc-web} speaks, too: one WebSocket for
 * each call. Requests that are not such upgrades go to the service as before.
 *
 * <p>The service sees each call as one gRPC-Web request, with the same limits as its other requests; decorators between
 * the two hold for all of them. How a call ends:
 *
 * <table>
 * <caption>Ends</caption>
 * <tr><th>cause</th><th>the client gets</th></tr>
 * <tr><td>the service's status</td><td>its trailers, close 1000</td></tr>
 * <tr><td>a refusal by plain HTTP (401, 404, 413, 503 ...)</td><td>the status that gRPC maps it to, close 1000</td></tr>
 * <tr><td>a passed deadline</td><td>DEADLINE_EXCEEDED, close 1000</td></tr>
 * <tr><td>headers that are late</td><td>DEADLINE_EXCEEDED, close 1000</td></tr>
 * <tr><td>headers that are malformed, or not of gRPC-Web</td><td>INVALID_ARGUMENT, close 1000</td></tr>
 * <tr><td>headers above 8 KiB</td><td>RESOURCE_EXHAUSTED, close 1000</td></tr>
 * <tr><td>a text message after the headers</td><td>close 1003</td></tr>
 * <tr><td>a message of neither kind, or after the half-close</td><td>close 1008</td></tr>
 * <tr><td>a message above the socket's limit, the first one too</td><td>close 1009</td></tr>
 * <tr><td>a service that ends within a message</td><td>close 1011</td></tr>
 * <tr><td>the server stops</td><td>UNAVAILABLE, close 1000; close 1001 within a message</td></tr>
 * <tr><td>no pong from a client that has read everything</td><td>close 3012</td></tr>
 * </table>
 *
 * A socket that the client closes, in whatever way, cancels the call.
 *
 * <p>An upgrade to a path that no service is at is refused by the server itself, of which a page only sees close code
 * 1006. A decorated service at {@code serviceUnder("/", ...)} that answers with 404 makes that UNIMPLEMENTED.
 */
public final class GrpcWebSocket {
    /** The name of the protocol in {@code Sec-WebSocket-Protocol}. */
    public static final String SUBPROTOCOL = "grpc-websockets";

    /** Above any gRPC message that the service is likely to accept, so that the service itself can refuse it by status. */
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private OriginPolicy origins = OriginPolicy.sameOrigin();
    private WebSocketConfig config = WebSocketConfig.DEFAULT.withMaxMessageBytes(DEFAULT_MAX_MESSAGE_BYTES);
    private Duration handshakeTimeout = Duration.ofSeconds(10);

    private GrpcWebSocket() {}

    /** A decorator with all defaults. */
    public static Function<? super HttpService, WebSocketEndpoint> newDecorator() {
        return builder().newDecoratorFunction();
    }

    /** Starts from the defaults. */
    public static GrpcWebSocket builder() {
        return new GrpcWebSocket();
    }

    /** Which pages may connect; others get 403. By default those of the server's own origin. */
    public GrpcWebSocket origins(OriginPolicy policy) {
        origins = policy;
        return this;
    }

    /**
     * The limits of the sockets. By default those of {@link WebSocketConfig#DEFAULT}, with messages of up to 16 MiB: a
     * longer one is closed with 1009, what the service itself does not accept below that ends with its own status.
     *
     * <p>{@code maxQueuedBytes} does not count here: the service is held up instead while more than 64 KiB wait for a
     * client that reads slowly, which is therefore never cut off for it, as long as its host acknowledges what arrives.
     */
    public GrpcWebSocket config(WebSocketConfig newConfig) {
        config = newConfig;
        return this;
    }

    /**
     * How long a client may take to send the first message, which carries the headers of the call. Default: 10 s. A later
     * one gets DEADLINE_EXCEEDED.
     */
    public GrpcWebSocket handshakeTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
        }
        handshakeTimeout = timeout;
        return this;
    }

    /** The decorator. */
    public Function<? super HttpService, WebSocketEndpoint> newDecoratorFunction() {
        return service -> WebSocketEndpoint.builder(session -> Call.open(service, session, handshakeTimeout))
                .fallback(service)
                .subprotocols(SUBPROTOCOL)
                .requireSubprotocol(true)
                .origins(origins)
                .config(config.withMaxQueuedBytes(Integer.MAX_VALUE)) // Bounded by the relay's demand.
                .build();
    }
}

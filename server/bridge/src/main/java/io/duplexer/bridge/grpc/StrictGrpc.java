package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.grpc.GrpcExceptionHandlerFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.DecompressorRegistry;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.function.Function;

/**
 * Makes Armeria's {@link GrpcService} answer as the gRPC specification has it where it does not, on all of its transports.
 * Its three parts belong together:
 *
 * <pre>{@code
 * var service = GrpcService.builder()
 *         .addService(...)
 *         .intercept(StrictGrpc.interceptor())
 *         .exceptionHandler(StrictGrpc.exceptionHandler())
 *         .build();
 * Server.builder().service(service, StrictGrpc.newDecorator(), GrpcWebSocket.newDecorator())
 * }</pre>
 *
 * <table>
 * <caption>What changes</caption>
 * <tr><th>case</th><th>Armeria alone</th><th>with this</th></tr>
 * <tr><td>a handler sends headers, and messages later</td><td>the headers wait for the first message</td>
 *     <td>they go at once; over HTTP those of a unary call go with the answer</td></tr>
 * <tr><td>headers, then an error before any message</td><td>the headers are lost, or mixed into the trailers</td>
 *     <td>headers, then trailers</td></tr>
 * <tr><td>a call that takes one request gets two, or none</td><td>the second is ignored; UNKNOWN or INTERNAL</td>
 *     <td>UNIMPLEMENTED</td></tr>
 * <tr><td>such a call is sent bytes without end</td><td>kept until the server's {@code maxRequestLength}, if it has one;
 *     413</td><td>RESOURCE_EXHAUSTED at the decorator's limit</td></tr>
 * <tr><td>a request breaks off within a message, or has a frame of trailers in it</td>
 *     <td>taken for the half-close, and for a message</td><td>INVALID_ARGUMENT</td></tr>
 * <tr><td>an unknown {@code grpc-encoding}</td><td>taken for identity</td>
 *     <td>UNIMPLEMENTED, with {@code grpc-accept-encoding}</td></tr>
 * <tr><td>{@code grpc-timeout: 0}</td><td>no limit</td><td>DEADLINE_EXCEEDED; the handler is not called</td></tr>
 * <tr><td>a deadline passes</td><td>CANCELLED</td><td>DEADLINE_EXCEEDED</td></tr>
 * </table>
 *
 * A call whose headers went before its first message is answered uncompressed, unless its handler has chosen a
 * compressor: Armeria would choose one too late.
 *
 * <p>Needs {@code armeria-grpc} on the class path, which nothing else in this library does.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">PROTOCOL-HTTP2</a>
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/statuscodes.md">Status codes and their use in gRPC</a>
 */
public final class StrictGrpc {
    /** Above any gRPC message that the service is likely to accept, so that the service itself can refuse it by status. */
    private static final long DEFAULT_MAX_REQUEST_BYTES = 16 * 1024 * 1024;

    private StrictGrpc() {}

    /** {@link #newDecorator(long)} with 16 MiB. */
    public static Function<? super HttpService, HttpService> newDecorator() {
        return newDecorator(DEFAULT_MAX_REQUEST_BYTES);
    }

    /** {@link #newDecorator(long, DecompressorRegistry)} with gRPC's default registry, as Armeria's service has it by default. */
    public static Function<? super HttpService, HttpService> newDecorator(long maxRequestBytes) {
        return newDecorator(maxRequestBytes, DecompressorRegistry.getDefaultInstance());
    }

    /**
     * The part that sees requests and responses.
     *
     * @param maxRequestBytes of a call that takes one message, which are in memory at once: with prefix, and in base64 if
     *     it comes so. It should be well above the longest message that the service accepts. A lower {@code
     *     maxRequestLength} of the server holds, too
     * @param decompressors that {@code GrpcServiceBuilder.decompressorRegistry} was given, which the service does not tell.
     *     A call whose {@code grpc-encoding} is neither there nor identity is UNIMPLEMENTED; {@code grpc-accept-encoding}
     *     names those that are advertised
     * @return a decorator, which throws {@link IllegalArgumentException} for what is not a {@link GrpcService}
     */
    public static Function<? super HttpService, HttpService> newDecorator(
            long maxRequestBytes, DecompressorRegistry decompressors) {
        if (maxRequestBytes <= 0) {
            throw new IllegalArgumentException("maxRequestBytes: " + maxRequestBytes + " (expected: > 0)");
        }
        return service -> new StrictGrpcService(service, maxRequestBytes, decompressors);
    }

    /** The part that sees what handlers do. The first of all interceptors, so that it sees what the others do, too. */
    public static ServerInterceptor interceptor() {
        return new StrictInterceptor();
    }

    /** The part that knows a passed deadline and a request that is too long. Leaves every other failure to the next one. */
    public static GrpcExceptionHandlerFunction exceptionHandler() {
        return (ctx, status, cause, metadata) -> {
            if (cause instanceof RequestTimeoutException) {
                return Status.DEADLINE_EXCEEDED.withDescription("the deadline of the call has passed");
            }
            if (cause instanceof ContentTooLargeException || cause.getCause() instanceof ContentTooLargeException) {
                return Status.RESOURCE_EXHAUSTED.withDescription("request: longer than the service allows");
            }
            return null;
        };
    }
}

package io.duplexer.bridge.gateway;

import com.linecorp.armeria.client.GoAwayReceivedException;
import com.linecorp.armeria.client.RefusedStreamException;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.client.endpoint.EmptyEndpointGroupException;
import com.linecorp.armeria.client.endpoint.EndpointSelectionTimeoutException;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.common.util.Exceptions;
import io.duplexer.bridge.grpc.FrameScanner;
import io.duplexer.bridge.grpc.HttpStatusMapping;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * What the client is told of a call that did not end by itself. Pure.
 *
 * @param status of gRPC
 * @param message for the client's developer; names the upstream, and nothing that is behind it
 */
record Failure(int status, String message) {
    static final Failure DEADLINE =
            new Failure(HttpStatusMapping.DEADLINE_EXCEEDED, "the deadline of the call has passed");

    /** The stream from the upstream broke. */
    static Failure of(Upstream upstream, Throwable failure) {
        return unavailable(upstream, reason(Exceptions.peel(failure)));
    }

    static Failure unavailable(Upstream upstream, String reason) {
        return new Failure(HttpStatusMapping.UNAVAILABLE, "upstream " + upstream.name() + ": " + reason);
    }

    private static String reason(Throwable failure) {
        if (failure instanceof UnprocessedRequestException) {
            return unprocessed(failure.getCause());
        }
        if (failure instanceof ClosedSessionException) {
            return "the connection was lost";
        }
        return failure instanceof ClosedStreamException ? "the call was reset" : "the call was broken off";
    }

    private static String unprocessed(@Nullable Throwable cause) {
        if (isWithoutEndpoint(cause)) {
            return "no server is available";
        }
        return cause instanceof RefusedStreamException || cause instanceof GoAwayReceivedException
                ? "refused the call"
                : "cannot be reached";
    }

    private static boolean isWithoutEndpoint(@Nullable Throwable cause) {
        return cause instanceof EmptyEndpointGroupException
                || cause instanceof EndpointSelectionTimeoutException
                || cause instanceof UnknownHostException;
    }

    /** A frame of the client's. */
    static Failure ofRequest(FrameScanner.Problem problem, long maxMessageBytes) {
        return of("request", problem, maxMessageBytes);
    }

    /** A frame of the upstream's. */
    static Failure ofResponse(FrameScanner.Problem problem, long maxMessageBytes) {
        return of("response", problem, maxMessageBytes);
    }

    private static Failure of(String direction, FrameScanner.Problem problem, long maxMessageBytes) {
        if (problem instanceof FrameScanner.Problem.TooLong tooLong) {
            return new Failure(
                    HttpStatusMapping.RESOURCE_EXHAUSTED,
                    direction + ": a message of " + tooLong.bytes() + " bytes (expected: at most " + maxMessageBytes
                            + ")");
        }
        return new Failure(HttpStatusMapping.INTERNAL, direction + ": not a gRPC frame (expected: flags 0 or 1)");
    }
}

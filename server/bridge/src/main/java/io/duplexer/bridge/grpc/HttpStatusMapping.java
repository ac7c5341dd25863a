package io.duplexer.bridge.grpc;

import com.linecorp.armeria.common.HttpStatus;

/**
 * The gRPC status of a call whose service answered with plain HTTP: refused by a decorator, or not gRPC at all. As in
 * gRPC's own table, and beyond it for what Armeria's services answer.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md">HTTP to gRPC Status Code
 *     Mapping</a>
 */
public final class HttpStatusMapping {
    public static final int CANCELLED = 1;
    public static final int UNKNOWN = 2;
    public static final int INVALID_ARGUMENT = 3;
    public static final int DEADLINE_EXCEEDED = 4;
    public static final int PERMISSION_DENIED = 7;
    public static final int RESOURCE_EXHAUSTED = 8;
    public static final int UNIMPLEMENTED = 12;
    public static final int INTERNAL = 13;
    public static final int UNAVAILABLE = 14;
    public static final int UNAUTHENTICATED = 16;

    private HttpStatusMapping() {}

    /** The status of gRPC that stands for one of HTTP other than 200. */
    public static int toGrpc(HttpStatus status) {
        return switch (status.code()) {
            case 400 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404, 405 -> UNIMPLEMENTED;
            case 408 -> DEADLINE_EXCEEDED;
            case 413, 431 -> RESOURCE_EXHAUSTED;
            case 415 -> INVALID_ARGUMENT;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            case 499 -> CANCELLED;
            case 501 -> UNIMPLEMENTED;
            default -> UNKNOWN;
        };
    }
}

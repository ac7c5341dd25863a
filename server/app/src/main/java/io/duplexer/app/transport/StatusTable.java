package io.duplexer.app.transport;

import io.duplexer.app.chat.ChatException;
import io.duplexer.app.chat.Problem;
import io.duplexer.bridge.websocket.CloseStatus;
import io.grpc.Status;

/**
 * What each {@link Problem} is called on each transport.
 *
 * <p>Close codes 3000-3499 and the registered 1001, 1011 and 1013 mean "reconnect", 3500-3999 and the others "do not"
 * (RFC 6455, section 7.4, and the IANA WebSocket close code registry).
 */
final class StatusTable {
    private StatusTable() {}

    /** The status that ends a gRPC call. Its code is the problem's. */
    static Status grpcStatus(ChatException refusal) {
        return Status.fromCodeValue(refusal.problem().code()).withDescription(refusal.reason());
    }

    /** The Close frame that ends a WebSocket. */
    static CloseStatus closeStatus(ChatException refusal) {
        return new CloseStatus(closeCode(refusal.problem()), refusal.reason());
    }

    static int closeCode(Problem problem) {
        return switch (problem) {
            case INVALID_ARGUMENT, RATE_LIMITED -> CloseStatus.POLICY_VIOLATION.code();
            case MALFORMED -> CloseStatus.INVALID_DATA.code();
            case TOO_MANY -> CloseStatus.TOO_MANY_CONNECTIONS.code();
            case SLOW_SUBSCRIBER -> CloseStatus.SLOW_CONSUMER.code();
            case INTERNAL -> CloseStatus.SERVER_ERROR.code();
            case UNAVAILABLE -> 1013;
            case STOPPING -> CloseStatus.GOING_AWAY.code();
        };
    }
}

package io.duplexer.e2e.client;

import io.duplexer.chat.v1.Rejected;
import io.duplexer.e2e.support.Patience;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The server refused something, or ended a stream, in the words of whichever transport. */
public final class Refused extends RuntimeException {
    private final Status.Code code;
    private final String reason;
    private final int retryAfterMillis;

    private Refused(Status.Code code, String reason, int retryAfterMillis) {
        super(code + ": " + reason);
        this.code = code;
        this.reason = reason;
        this.retryAfterMillis = retryAfterMillis;
    }

    public static Refused of(Status status) {
        return new Refused(status.getCode(), String.valueOf(status.getDescription()), 0);
    }

    public static Refused of(Rejected event) {
        return new Refused(
                Status.fromCodeValue(event.getCode()).getCode(), event.getReason(), event.getRetryAfterMillis());
    }

    /** The end of a WebSocket. */
    public static Refused ofClose(int closeCode, String reason) {
        var code = switch (closeCode) {
            case 1000, 1005 -> Status.Code.OK;
            case 1007, 1008 -> Status.Code.INVALID_ARGUMENT;
            case 1001, 1006, 1013 -> Status.Code.UNAVAILABLE;
            case 1009, 3008, 3501 -> Status.Code.RESOURCE_EXHAUSTED;
            default -> Status.Code.UNKNOWN;
        };
        return new Refused(code, "close " + closeCode + ": " + reason, 0);
    }

    /** What {@code failure}, from a future of this package, says. */
    public static Refused from(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refused refused) {
            return refused;
        }
        return of(Status.fromThrowable(cause));
    }

    /** What {@code call} is refused with; fails when it is not. */
    public static Refused by(CompletableFuture<?> call) {
        try {
            throw new AssertionError("not refused: " + Patience.await(call));
        } catch (CompletionException e) {
            return from(e);
        }
    }

    public Status.Code code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    public int retryAfterMillis() {
        return retryAfterMillis;
    }
}

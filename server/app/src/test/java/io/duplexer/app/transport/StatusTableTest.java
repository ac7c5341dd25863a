package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.chat.ChatException;
import io.duplexer.app.chat.Problem;
import io.grpc.Status;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One row a problem: what it is on gRPC, what on a WebSocket, and whether a client should come back. */
final class StatusTableTest {
    private static final String TABLE = """
            INVALID_ARGUMENT, INVALID_ARGUMENT,   1008, false
            MALFORMED,        INVALID_ARGUMENT,   1007, false
            RATE_LIMITED,     RESOURCE_EXHAUSTED, 1008, false
            TOO_MANY,         RESOURCE_EXHAUSTED, 3501, false
            SLOW_SUBSCRIBER,  RESOURCE_EXHAUSTED, 3008, true
            INTERNAL,         INTERNAL,           1011, true
            UNAVAILABLE,      UNAVAILABLE,        1013, true
            STOPPING,         UNAVAILABLE,        1001, true
            """;

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void eachProblemHasItsNameOnEachTransport(Problem problem, Status.Code grpc, int closeCode, boolean reconnect) {
        var refusal = new ChatException(problem, "field: value (expected: something)");

        assertThat(StatusTable.grpcStatus(refusal).getCode()).isEqualTo(grpc);
        assertThat(StatusTable.grpcStatus(refusal).getDescription()).isEqualTo(refusal.reason());
        assertThat(StatusTable.closeStatus(refusal).code()).isEqualTo(closeCode);
        assertThat(StatusTable.closeStatus(refusal).reason()).isEqualTo(refusal.reason());
        assertThat(StatusTable.closeStatus(refusal).isSendable()).isTrue();
        assertThat(problem.code()).isEqualTo(grpc.value());
        assertThat(List.of(1001, 1011, 1013).contains(closeCode) || (closeCode >= 3000 && closeCode < 3500))
                .as("what a client makes of the code")
                .isEqualTo(reconnect);
    }

    @Test
    void noProblemIsMissing() {
        assertThat(TABLE.lines().map(row -> Problem.valueOf(row.substring(0, row.indexOf(',')))))
                .containsExactlyElementsOf(Arrays.asList(Problem.values()));
    }
}

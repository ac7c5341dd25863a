package io.duplexer.bridge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpStatus;
import io.grpc.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpStatusMappingTest {
    @ParameterizedTest
    @CsvSource({
        "400, INTERNAL",
        "401, UNAUTHENTICATED",
        "403, PERMISSION_DENIED",
        "404, UNIMPLEMENTED",
        "405, UNIMPLEMENTED",
        "408, DEADLINE_EXCEEDED",
        "413, RESOURCE_EXHAUSTED",
        "415, INVALID_ARGUMENT",
        "429, UNAVAILABLE",
        "431, RESOURCE_EXHAUSTED",
        "499, CANCELLED",
        "501, UNIMPLEMENTED",
        "502, UNAVAILABLE",
        "503, UNAVAILABLE",
        "504, UNAVAILABLE",
        "204, UNKNOWN",
        "302, UNKNOWN",
        "418, UNKNOWN",
        "500, UNKNOWN",
    })
    void everyHttpStatusHasAGrpcStatus(int http, Status.Code grpc) {
        assertThat(HttpStatusMapping.toGrpc(HttpStatus.valueOf(http))).isEqualTo(grpc.value());
    }
}

package io.duplexer.bridge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.bridge.gateway.GrpcMediaType.Form;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which content types are gRPC's, and what becomes of them. */
final class GrpcMediaTypeTest {
    @ParameterizedTest
    @CsvSource({
        "application/grpc,                            GRPC,     application/grpc,              application/grpc",
        "application/grpc+proto,                      GRPC,     application/grpc+proto,        application/grpc+proto",
        "application/grpc+json; charset=utf-8,        GRPC,     application/grpc+json,         application/grpc+json",
        "application/grpc-web,                        WEB,      application/grpc,              application/grpc-web",
        "application/grpc-web+proto,                  WEB,      application/grpc+proto,        application/grpc-web+proto",
        "Application/gRPC-Web+Proto,                  WEB,      application/grpc+proto,        application/grpc-web+proto",
        "application/grpc-web+json ;q=1,              WEB,      application/grpc+json,         application/grpc-web+json",
        "application/grpc-web-text,                   WEB_TEXT, application/grpc,              application/grpc-web-text",
        "application/grpc-web-text+proto,             WEB_TEXT, application/grpc+proto,        application/grpc-web-text+proto",
    })
    void isRewrittenOnTheWayToTheUpstreamAndKeptOnTheWayBack(
            String contentType, Form form, String upstream, String back) {
        var type = Objects.requireNonNull(GrpcMediaType.parse(contentType));

        assertThat(type.form()).isEqualTo(form);
        assertThat(type.upstream()).isEqualTo(upstream);
        assertThat(type.value()).isEqualTo(back);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "application/json",
                "application/grpcweb",
                "application/grpc-",
                "application/grpc-websockets",
                "application/grpc-web-text-proto",
                "application/grpc+",
                "text/html; application/grpc"
            })
    void othersAreNotOfGrpc(String contentType) {
        assertThat(GrpcMediaType.parse(contentType)).isNull();
    }

    @Test
    void neitherIsNone() {
        assertThat(GrpcMediaType.parse(null)).isNull();
    }
}

package io.duplexer.bridge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import io.duplexer.bridge.grpc.HeaderBlock.MalformedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CallHeadersTest {
    private static final String PROTO = "application/grpc-web+proto";

    private static RequestHeaders call(HttpHeaders upgrade, HttpHeaders first) throws MalformedException {
        RequestHeaders request = RequestHeaders.builder(HttpMethod.GET, "/pkg.Service/Method?q=1")
                .scheme("https")
                .authority("example.com:8443")
                .add(upgrade)
                .build();
        return CallHeaders.request(
                request,
                HttpHeaders.of("content-type", PROTO).toBuilder().set(first).build());
    }

    @Test
    void theCallIsAPostToThePathOfTheUpgrade() throws Exception {
        RequestHeaders call = call(HttpHeaders.of(), HttpHeaders.of());
        assertThat(call.method()).isEqualTo(HttpMethod.POST);
        assertThat(call.path()).isEqualTo("/pkg.Service/Method?q=1");
        assertThat(call.scheme()).isEqualTo("https");
        assertThat(call.authority()).isEqualTo("example.com:8443");
        assertThat(call.get("content-type")).isEqualTo(PROTO);
    }

    @Test
    void theFirstMessageReplacesAllValuesOfTheUpgrade() throws Exception {
        RequestHeaders call = call(HttpHeaders.of("a", "1", "a", "2", "b", "3"), HttpHeaders.of("a", "4", "c", "5"));
        assertThat(call.getAll("a")).containsExactly("4");
        assertThat(call.get("b")).isEqualTo("3");
        assertThat(call.get("c")).isEqualTo("5");
    }

    @Test
    void credentialsOfTheUpgradeReachTheCall() throws Exception {
        RequestHeaders call = call(HttpHeaders.of("cookie", "a=b", "authorization", "c"), HttpHeaders.of());
        assertThat(call.get("cookie")).isEqualTo("a=b");
        assertThat(call.get("authorization")).isEqualTo("c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept-encoding",
                "connection",
                "content-length",
                "expect",
                "grpc-accept-encoding",
                "host",
                "keep-alive",
                "te",
                "trailer",
                "transfer-encoding",
                "upgrade"
            })
    void whatBelongsToAConnectionDoesNotReachTheCall(String name) throws Exception {
        assertThat(call(HttpHeaders.of(name, "1"), HttpHeaders.of(name, "2")).contains(name))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "origin",
                "forwarded",
                "x-forwarded-for",
                "x-forwarded-user",
                "x-real-ip",
                "via",
                "sec-fetch-site",
                "proxy-authorization"
            })
    void whatBrowsersAndProxiesVouchForCannotBeSetByAScript(String name) throws Exception {
        assertThat(call(HttpHeaders.of(name, "vouched"), HttpHeaders.of(name, "forged"))
                        .getAll(name))
                .containsExactly("vouched");
        assertThat(call(HttpHeaders.of(), HttpHeaders.of(name, "forged")).contains(name))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/grpc-web",
                "application/grpc-web+proto",
                "application/grpc-web+json",
                "Application/gRPC-Web+proto",
                "application/grpc-web+proto; charset=utf-8",
                "application/grpc-web+proto;a=b"
            })
    void binaryGrpcWebIsACall(String type) throws Exception {
        assertThat(call(HttpHeaders.of(), HttpHeaders.of("content-type", type)).get("content-type"))
                .isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text/plain",
                "application/grpc",
                "application/grpc+proto",
                "application/grpc-web-text",
                "application/grpc-web-text+proto",
                "application/grpc-webs",
                "application/json"
            })
    void nothingElseIs(String type) {
        assertThatThrownBy(() -> call(HttpHeaders.of(), HttpHeaders.of("content-type", type)))
                .isInstanceOf(MalformedException.class)
                .hasMessageStartingWith("content-type: " + type);
    }

    @Test
    void theResponseBlockHasNoPseudoHeadersAndNothingOfTheConnection() {
        ResponseHeaders headers = ResponseHeaders.builder(200)
                .add("content-type", PROTO)
                .add("content-length", "5")
                .add("x-a", "1")
                .add("x-a", "2")
                .add("date", "now")
                .build();
        byte[] block = CallHeaders.block(headers);
        assertThat(new String(block, 5, block.length - 5, StandardCharsets.US_ASCII))
                .isEqualTo("content-type: " + PROTO + "\r\nx-a: 1\r\nx-a: 2\r\n");
    }
}

package io.duplexer.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.GrpcWebFrames;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.support.ServerProcess;
import io.duplexer.e2e.support.SharedServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may use the server: its own and the allowed ones, over WebSocket and over gRPC-Web alike. */
class OriginTest {
    private static final String ALLOWED = "https://app.example";

    @RegisterExtension
    static final SharedServer strict = SharedServer.with();

    @RegisterExtension
    static final SharedServer open = SharedServer.with("--allowed-origin", "https://APP.example:443");

    private static final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void theNextClientIsServed() {
        StillServing.assertOn(strict.process());
    }

    /** Origins that look almost right; PORT stands for the server's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "",
                "http://127.0.0.1",
                "http://127.0.0.1:1",
                "https://127.0.0.1:PORT",
                "http://127.0.0.1.evil.example:PORT",
                "http://localhost:PORT",
                "http://127.0.0.1:PORT/",
                "http://127.0.0.1:PORT@evil.example",
                "http://127.0.0.1:PORT, https://evil.example",
                "127.0.0.1:PORT"
            })
    void aForeignOriginIsAnsweredWith403(String pattern) throws Exception {
        var origin = pattern.replace("PORT", String.valueOf(strict.port()));

        assertThat(handshake(strict, origin)).startsWith("HTTP/1.1 403 ");
        assertThat(call(strict.process(), origin).statusCode()).isEqualTo(403);
    }

    @Test
    void theServersOwnPagesAreServed() throws Exception {
        var origin = "http://127.0.0.1:" + strict.port();

        assertThat(handshake(strict, origin)).startsWith("HTTP/1.1 101 ");
        assertThat(call(strict.process(), origin).statusCode()).isEqualTo(200);
    }

    @Test
    void clientsThatAreNoBrowsersAreServed() throws Exception {
        assertThat(handshake(strict, null)).startsWith("HTTP/1.1 101 ");
        assertThat(call(strict.process(), null).statusCode()).isEqualTo(200);
    }

    @Test
    void anAllowedOriginIsServedAndOthersAreNot() {
        assertThat(handshake(open, ALLOWED)).startsWith("HTTP/1.1 101 ");
        assertThat(handshake(open, "https://APP.example:443")).startsWith("HTTP/1.1 101 ");
        assertThat(handshake(open, "http://app.example")).startsWith("HTTP/1.1 403 ");
        assertThat(handshake(open, "https://app.example.evil")).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void anAllowedOriginMayReadTheResponseAndItsStatus() throws Exception {
        var response = call(open.process(), ALLOWED);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("access-control-allow-origin")).hasValue(ALLOWED);
        assertThat(names(response, "access-control-expose-headers"))
                .contains("grpc-status", "grpc-message", "grpc-status-details-bin")
                .containsAll(response.headers().map().keySet().stream()
                        .filter(name -> name.startsWith("grpc-"))
                        .toList());
    }

    @Test
    void thePreflightOfAnAllowedOriginIsGranted() throws Exception {
        var response = preflight(open, ALLOWED);

        assertThat(response.statusCode()).isBetween(200, 204);
        assertThat(response.headers().firstValue("access-control-allow-origin")).hasValue(ALLOWED);
        assertThat(names(response, "access-control-allow-methods")).contains("post");
        assertThat(names(response, "access-control-allow-headers"))
                .contains("content-type", "x-grpc-web", "grpc-timeout", "x-anything");
        assertThat(response.headers().firstValue("access-control-max-age")).isPresent();
    }

    @Test
    void thePreflightOfAForeignOriginIsNotGranted() throws Exception {
        for (var server : new SharedServer[] {strict, open}) {
            var response = preflight(server, "https://evil.example");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.headers().firstValue("access-control-allow-origin"))
                    .isEmpty();
        }
    }

    private static String handshake(SharedServer server, @Nullable String origin) {
        try (var socket = new RawWebSocket(server.port(), null, origin)) {
            return socket.handshake();
        }
    }

    private static HttpResponse<Void> call(ServerProcess server, @Nullable String origin) throws Exception {
        var message = Message.newBuilder().setUserId("ann").setContent("hello").build();
        var request = HttpRequest.newBuilder(server.uri().resolve("/ChatService/SendMessage"))
                .header("content-type", "application/grpc-web+proto")
                .POST(BodyPublishers.ofByteArray(GrpcWebFrames.encode(0, message.toByteString())));
        if (origin != null) {
            request.header("origin", origin);
        }
        return http.send(request.build(), BodyHandlers.discarding());
    }

    private static HttpResponse<Void> preflight(SharedServer server, String origin) throws Exception {
        var request = HttpRequest.newBuilder(server.uri().resolve("/ChatService/SendMessage"))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "content-type,grpc-timeout,x-anything,x-grpc-web")
                .build();
        return http.send(request, BodyHandlers.discarding());
    }

    private static Stream<String> names(HttpResponse<?> response, String header) {
        return response.headers().allValues(header).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT));
    }
}

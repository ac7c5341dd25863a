package io.duplexer.e2e.badinput;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.client.RawSocket;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are no calls, and calls of what is not there. */
class HttpRequestsTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    @AfterEach
    void theNextClientIsServed() {
        StillServing.assertOn(server.process());
    }

    private static String answer(String requestLine, String header, String body) {
        try (var socket = new RawSocket(server.port())) {
            socket.writeLines(
                    requestLine + " HTTP/1.1",
                    "Host: 127.0.0.1:" + server.port(),
                    header,
                    "Content-Length: " + body.length(),
                    "");
            socket.write(body.getBytes(ISO_8859_1));
            return socket.readResponse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/grpc-chat", "nonsense"})
    void aWrongContentTypeIsAnsweredWith415(String contentType) {
        assertThat(answer("POST /duplexer.chat.v1.ChatService/SendMessage", "Content-Type: " + contentType, "hello"))
                .startsWith("HTTP/1.1 415 ");
    }

    @Test
    void aCallWithGetIsAnsweredWith405() {
        assertThat(answer("GET /ChatService/SendMessage", "Accept: */*", "")).startsWith("HTTP/1.1 405 ");
    }

    @Test
    void aHugeHeaderIsAnsweredWith431() {
        assertThat(answer("GET /", "X-Huge: " + "x".repeat(64 * 1024), "")).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void whatIsNotHttpIsAnsweredWith400() {
        try (var socket = new RawSocket(server.port())) {
            socket.writeLines("HELLO", "");
            assertThat(socket.readResponse()).startsWith("HTTP/1.1 400 ");
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            a length and nothing else,    '\0\0\0\0\5'
            a message cut short,          '\0\0\0\0\5abc'
            a header cut short,           '\0\0\0'
            no message at all,            ''
            a message that is not one,    '\0\0\0\0\3\377\377\377'
            a length of four gigabytes,   '\0\377\377\377\377abc'
            a compressed frame,           '\1\0\0\0\3abc'
            """)
    void aGrpcWebBodyThatIsNoMessageEndsTheCallWithAStatus(String what, String body) {
        var answer = answer("POST /ChatService/SendMessage", "Content-Type: application/grpc-web+proto", body);

        assertThat(answer).as(what).startsWith("HTTP/1.1 200 ").containsPattern("grpc-status: ?(3|8|12|13)\r\n");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            Grpc-Encoding: smoke,        12
            Grpc-Timeout: 0S,            4
            """)
    void aCallThatCannotBeReadOrIsTooLateEndsWithItsStatus(String header, int status) {
        var answer = answer(
                "POST /ChatService/SendMessage", "Content-Type: application/grpc-web+proto\r\n" + header, "\0\0\0\0\0");

        assertThat(answer).containsPattern("grpc-status: ?" + status + "\r\n");
    }

    @Test
    void twoMessagesOfAUnaryCallAreUnimplemented() {
        var empty = "\0\0\0\0\0";

        assertThat(answer("POST /ChatService/SendMessage", "Content-Type: application/grpc-web+proto", empty + empty))
                .containsPattern("grpc-status: ?12\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "duplexer.chat.v1.ChatService/Shout",
                "ChatService/Shout",
                "duplexer.chat.v2.ChatService/SendMessage",
                "nothing.like.It/Ever"
            })
    void anUnknownMethodIsUnimplementedOnGrpcAndGrpcWeb(String method) {
        var web = new GrpcWebClient(server.uri(), "application/grpc-web+proto")
                .call(method, Map.of(), Message.getDefaultInstance(), MessageResponse.parser(), response -> {});
        assertThat(Patience.await(web.end()).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);

        var channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        try {
            var descriptor = ChatServiceGrpc.getSendMessageMethod().toBuilder()
                    .setFullMethodName(method)
                    .build();
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(() -> ClientCalls.blockingUnaryCall(
                            channel, descriptor, CallOptions.DEFAULT, Message.getDefaultInstance()))
                    .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
        } finally {
            channel.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/assets/nothing.js", "/..%2f..%2fetc/passwd", "/%00"})
    void aPathThatIsNotThereIsAnsweredWith4xx(String path) {
        assertThat(answer("GET " + path, "Accept: */*", ""))
                .startsWith("HTTP/1.1 40")
                .doesNotContain("\tat ");
    }
}

package io.duplexer.e2e.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.client.GrpcWebSocketCall;
import io.duplexer.e2e.client.GrpcWebSocketCalls;
import io.duplexer.e2e.support.Inbox;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.Program;
import io.duplexer.e2e.support.ServerProcess;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The article's own service on stacks that know nothing of browsers, in Node and in Java: all transports reach it. */
@ParameterizedClass
@ValueSource(strings = {"grpc-js", "grpc-java"})
final class ForeignUpstreamTest {
    private static final String UPDATE_MILLIS = "20";

    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static Program service;

    @SuppressWarnings("NullAway.Init") // Set before any test.
    private static ServerProcess gateway;

    @Parameter
    String stack = "";

    @BeforeParameterizedClassInvocation
    static void start(String stack) {
        service = stack.equals("grpc-js")
                ? Program.node("article-server.cjs", "127.0.0.1:0", UPDATE_MILLIS)
                : Program.java(ArticleServer.class, UPDATE_MILLIS);
        gateway = ServerProcess.start(
                "gateway",
                "--upstream",
                "127.0.0.1:" + service.next().get("port").asInt());
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.stop();
        service.close();
    }

    static Stream<Arguments> clients() {
        return Stream.of(
                Arguments.of("gRPC", new GrpcCalls(gateway.port())),
                Arguments.of("gRPC-Web", new GrpcWebClient(gateway.uri(), "application/grpc-web+proto")),
                Arguments.of("gRPC-Web text", new GrpcWebClient(gateway.uri(), "application/grpc-web-text")),
                Arguments.of("gRPC over WebSocket", new GrpcWebSocketCalls(gateway.uri("ws", "/"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void unaryCallsAreAnswered(String name, ChatClient client) {
        try (client) {
            var response = Patience.await(client.publish(
                    Message.newBuilder().setUserId("ann").setContent("Hello").build()));

            assertThat(response.getSuccess()).isTrue();
            assertThat(response.getMessageId()).hasSize(36);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void serverStreamsFlowUntilTheClientGoesAway(String name, ChatClient client) {
        try (client) {
            var feed = client.listen("ann");
            assertThat(feed.lines(3))
                    .extracting(Message::getUserId, Message::getContent)
                    .containsOnly(tuple("system", "Server update"));

            feed.leave();
            service.next(line -> line.has("cancelled"));
        }
    }

    @Test
    void bothDirectionsFlowOverAWebSocket() {
        var echoes = new Inbox<Message>();
        var end = new CompletableFuture<Status>();
        var call = GrpcWebSocketCall.start(
                gateway.uri("ws", "/"), ChatServiceGrpc.getChatMethod(), Message.parser(), echoes::add);
        call.onEnd(end::complete);
        for (var content : new String[] {"one", "two"}) {
            call.send(Message.newBuilder().setContent(content).build());
            assertThat(echoes.take().getContent()).isEqualTo("Echo: " + content);
        }
        call.halfClose();
        assertThat(Patience.await(end).getCode()).isEqualTo(Status.Code.OK);
    }

    @Test
    void whatTheServiceDoesNotHaveIsUnimplemented() {
        try (var client = new GrpcWebClient(gateway.uri(), "application/grpc-web+proto")) {
            var end = new CompletableFuture<Status>();
            client.call(
                            "ChatService/NoSuchMethod",
                            Map.of(),
                            Message.getDefaultInstance(),
                            Message.parser(),
                            message -> {})
                    .onEnd(end::complete);
            assertThat(Patience.await(end).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        }
    }
}

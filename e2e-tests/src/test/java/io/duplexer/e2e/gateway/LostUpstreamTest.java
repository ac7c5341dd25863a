package io.duplexer.e2e.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.Feed;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.client.GrpcWebSocketCalls;
import io.duplexer.e2e.client.Refused;
import io.duplexer.e2e.client.ResponseFuture;
import io.duplexer.e2e.client.StreamListener;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.ServerProcess;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Upstreams that die, stop answering, and come back. */
final class LostUpstreamTest {
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static ServerProcess gatewayTo(int... ports) {
        var upstreams =
                Arrays.stream(ports).mapToObj(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        return ServerProcess.start("gateway", "--upstream", upstreams, "--health-check-interval", "200ms");
    }

    private static Message hello() {
        return Message.newBuilder()
                .setUserId("ann")
                .setRoom(Names.room())
                .setContent("hello")
                .build();
    }

    private static List<ChatClient> clients(ServerProcess gateway) {
        return List.of(
                new GrpcCalls(gateway.port()),
                new GrpcWebClient(gateway.uri(), "application/grpc-web+proto"),
                new GrpcWebClient(gateway.uri(), "application/grpc-web-text"),
                new GrpcWebSocketCalls(gateway.uri("ws", "/")));
    }

    @Test
    void aKilledUpstreamIsUnavailableWithinASecondAndServesAgainWhenItIsBack() throws Exception {
        var port = freePort();
        var upstream = ServerProcess.start("--port", "" + port);
        try (var gateway = gatewayTo(port)) {
            var clients = clients(gateway);
            var feeds = clients.stream()
                    .map(client -> client.join("ann", Names.room(), Join.getDefaultInstance()))
                    .toList();
            feeds.forEach(Feed::recovered);

            upstream.kill();
            var killed = System.nanoTime();
            for (var feed : feeds) {
                var end = feed.awaitEnd();
                assertThat(end.code()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(end.reason()).isEqualTo("upstream 127.0.0.1:" + port + ": the connection was lost");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(1));
            assertThat(Refused.by(clients.get(0).publish(hello())).code()).isEqualTo(Status.Code.UNAVAILABLE);

            try (var again = ServerProcess.start("--port", "" + port)) {
                assertThat(again.isAlive()).isTrue();
                for (var client : clients) {
                    assertThat(Patience.await(client.publish(hello())).getSuccess())
                            .isTrue();
                }
            }
            clients.forEach(ChatClient::close);
            gateway.assertNoErrors();
        }
    }

    @Test
    void aPausedUpstreamCostsTheCallItsDeadlineAndNoMore() throws Exception {
        try (var upstream = ServerProcess.start();
                var gateway = ServerProcess.start("gateway", "--upstream", "127.0.0.1:" + upstream.port())) {
            var channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.port())
                    .usePlaintext()
                    .build();
            try {
                var stub = ChatServiceGrpc.newStub(channel);
                var warm = new ResponseFuture<MessageResponse>();
                stub.sendMessage(hello(), warm);
                Patience.await(warm.future());

                signal("STOP", upstream);
                var end = new CompletableFuture<Refused>();
                stub.withDeadlineAfter(500, TimeUnit.MILLISECONDS)
                        .subscribeToMessages(
                                SubscribeRequest.getDefaultInstance(),
                                new StreamListener(message -> {}, end::complete));
                assertThat(Patience.await(end).code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);

                signal("CONT", upstream);
                await().untilAsserted(() -> {
                    var response = new ResponseFuture<MessageResponse>();
                    stub.sendMessage(hello(), response);
                    assertThat(Patience.await(response.future()).getSuccess()).isTrue();
                });
            } finally {
                channel.shutdownNow();
            }
            gateway.assertNoErrors();
        }
    }

    @Test
    void aPausedUpstreamIsGivenUpHoweverShortTheIdleTimeoutIs() throws Exception {
        try (var upstream = ServerProcess.start();
                var gateway = ServerProcess.start(
                        "gateway",
                        "--upstream",
                        "127.0.0.1:" + upstream.port(),
                        "--upstream-idle-timeout",
                        "2s",
                        "--health-check-interval",
                        "0s");
                var client = new GrpcCalls(gateway.port())) {
            var feed = client.join("ann", Names.room(), Join.getDefaultInstance());
            feed.recovered();

            signal("STOP", upstream);
            assertThat(feed.awaitEnd().code()).isEqualTo(Status.Code.UNAVAILABLE);
            signal("CONT", upstream);
            gateway.assertNoErrors();
        }
    }

    private static void signal(String name, ServerProcess process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void oneOfTwoThatIsTakenAwayUnderLoadFailsNoCallThatCouldGoToTheOther() throws Exception {
        var ports = new int[] {freePort(), freePort()};
        try (var one = ServerProcess.start("--port", "" + ports[0], "--publish-rate", "0");
                var two = ServerProcess.start("--port", "" + ports[1], "--publish-rate", "0");
                var gateway = gatewayTo(ports);
                var client = new GrpcCalls(gateway.port())) {
            var threads = 4;
            var stop = new AtomicBoolean();
            var calls = new AtomicInteger();
            var failures = new ConcurrentLinkedQueue<Refused>();
            var load = Executors.newFixedThreadPool(threads);
            for (var i = 0; i < threads; i++) {
                load.execute(() -> {
                    while (!stop.get()) {
                        calls.incrementAndGet();
                        try {
                            Patience.await(client.publish(hello()));
                        } catch (CompletionException e) {
                            failures.add(Refused.from(e));
                        }
                    }
                });
            }
            await().until(() -> calls.get() > 300);
            one.kill();
            var atKill = calls.get();
            await().until(() -> calls.get() > atKill + 300);
            stop.set(true);
            load.shutdown();
            assertThat(load.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

            // A call that the killed server had been sent may have happened: nobody may send it again but the client.
            assertThat(failures).hasSizeLessThanOrEqualTo(threads).allSatisfy(failure -> {
                assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(failure.reason()).endsWith(": the connection was lost");
            });
            assertThat(two.isAlive()).isTrue();
            gateway.assertNoErrors();
        }
    }

    @Test
    void aNameThatNobodyKnowsIsUnavailableAndToldInOneLine() {
        try (var gateway =
                        ServerProcess.start("gateway", "--upstream", "nobody.invalid:1", "--connect-timeout", "300ms");
                var client = new GrpcCalls(gateway.port())) {
            assertThat(Refused.by(client.publish(hello())))
                    .hasMessage("UNAVAILABLE: upstream nobody.invalid:1: no server is available");
            await().atMost(Patience.LIMIT)
                    .untilAsserted(() -> assertThat(gateway.stderr())
                            .contains("upstream nobody.invalid cannot be looked up; it is tried again and again"));
            assertThat(gateway.stderr().lines())
                    .filteredOn(line -> line.contains("nobody.invalid"))
                    .hasSize(1);
            assertThat(gateway.stderr()).doesNotContain("\tat ");
        }
    }
}

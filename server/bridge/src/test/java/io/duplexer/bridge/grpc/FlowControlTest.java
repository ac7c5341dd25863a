package io.duplexer.bridge.grpc;

import static io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.ServerBuilder;
import io.duplexer.bridge.grpc.PlayedService.PlayedCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fast side waits for a slow one, both ways, with little between them, and is not cut off for it. */
@Timeout(60)
final class FlowControlTest {
    private static final int MESSAGES = 300;
    private static final int MESSAGE_BYTES = 32 * 1024;
    /** Far below the 9 MiB of all messages: what the sockets' buffers and the windows of HTTP/2 hold. */
    private static final int BOUND = 3 * 1024 * 1024 / MESSAGE_BYTES;

    private static final PlayedService service = new PlayedService();
    private static GrpcServer server;

    @BeforeAll
    static void start() {
        server = GrpcServer.of(service, delegate -> delegate, GrpcWebSocket.builder(), FlowControlTest::smallBuffers);
    }

    private static void smallBuffers(ServerBuilder builder) {
        builder.childChannelOption(ChannelOption.SO_SNDBUF, 128 * 1024)
                .childChannelOption(ChannelOption.SO_RCVBUF, 128 * 1024)
                .http2InitialStreamWindowSize(128 * 1024)
                .maxRequestLength(0);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String numbered(int number) {
        return number + " " + "x".repeat(MESSAGE_BYTES - 8);
    }

    /** Waits until the number does not change any more. */
    private static int settled(AtomicInteger counter) {
        AtomicInteger last = new AtomicInteger(-1);
        await().atMost(Duration.ofSeconds(30))
                .during(Duration.ofMillis(500))
                .until(() -> last.getAndSet(counter.get()) == counter.get());
        return counter.get();
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C", "H1", "H2"})
    void aHandlerThatStopsRequestingStopsTheClient(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.open(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            PlayedCall call = service.next();
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    socket.sendAndWait(Blocks.data(numbered(i)));
                    sent.incrementAndGet();
                }
                socket.halfClose();
            });
            int ahead = settled(sent);
            assertThat(ahead).isBetween(1, BOUND);
            assertThat(call.pending()).isZero();

            call.request(10);
            for (int i = 0; i < 10; i++) {
                assertThat(call.next()).startsWith(i + " ");
            }
            assertThat(settled(sent)).isLessThanOrEqualTo(BOUND + 10);
            assertThat(call.pending()).isZero();

            for (int i = 10; i < MESSAGES; i++) {
                call.request(1);
                assertThat(call.next()).startsWith(i + " ");
            }
            call.request(1);
            assertThat(call.next()).isEqualTo(PlayedCall.HALF_CLOSE);
            sending.join();
            call.close(Status.OK);
            socket.expectStatus(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C", "H1", "H2"})
    void aSlowClientStopsTheHandlerThroughIsReady(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.openDeaf(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            PlayedCall call = service.next();
            AtomicInteger written = new AtomicInteger();
            Runnable writeWhileReady = () -> {
                while (call.call.isReady() && written.get() < MESSAGES) {
                    call.send(numbered(written.getAndIncrement()));
                }
            };
            call.run(() -> {
                call.sendHeaders(new Metadata());
                call.whenReady(writeWhileReady);
                writeWhileReady.run();
            });
            int ahead = settled(written);
            assertThat(ahead).isBetween(1, BOUND);
            assertThat(call.call.isReady()).isFalse();

            socket.startReading();
            socket.nextHeaders();
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(socket.nextMessage()).startsWith(i + " ");
            }
            call.close(Status.OK);
            socket.expectStatus(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C", "H1", "H2"})
    void largeAnswersBehindEachOtherDoNotCutOffASlowClient(SessionProtocol protocol) throws Exception {
        int bytes = 3 * 1024 * 1024;
        HttpData large = HttpData.wrap(Blocks.frame(new byte[bytes]));
        ResponseHeaders headers = ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc-web");
        try (GrpcServer eager = GrpcServer.of(
                        (ctx, req) -> HttpResponse.of(headers, large, large, large, HttpHeaders.of("grpc-status", "0")),
                        GrpcWebSocket.builder());
                GrpcSocket socket = eager.openDeaf(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            socket.startReading();
            socket.nextHeaders();
            for (int i = 0; i < 3; i++) {
                assertThat(socket.next().bytes()).hasSize(bytes);
            }
            socket.expectStatus(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H1C", "H2C", "H1", "H2"})
    void aClientThatDoesNotReadStillCancels(SessionProtocol protocol) throws Exception {
        try (GrpcSocket socket = server.openDeaf(protocol, BIDI_STREAMING)) {
            socket.send(Blocks.HEADERS);
            PlayedCall call = service.next();
            AtomicInteger written = new AtomicInteger();
            Runnable writeWhileReady = () -> {
                while (call.call.isReady()) {
                    call.send(numbered(written.getAndIncrement()));
                }
            };
            call.run(() -> {
                call.sendHeaders(new Metadata());
                call.whenReady(writeWhileReady);
                writeWhileReady.run();
            });
            settled(written);
            socket.sendClose(1000);
            assertThat(call.next()).isEqualTo(PlayedCall.CANCEL);
        }
    }
}

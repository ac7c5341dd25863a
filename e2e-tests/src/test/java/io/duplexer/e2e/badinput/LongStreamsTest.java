package io.duplexer.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.chat.v1.UploadSummary;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.client.ResponseFuture;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams that are long in bytes, and calls that are too long in time. */
class LongStreamsTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with("--publish-rate", "0");

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private ManagedChannel channel;

    @BeforeEach
    void open() {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void theNextClientIsServed() {
        channel.shutdownNow();
        StillServing.assertOn(server.process());
    }

    @Test
    void aClientStreamOfMoreThanTenMiBIsNotCut() {
        var response = new ResponseFuture<UploadSummary>();
        var upload = ChatServiceGrpc.newStub(channel).uploadMessages(response);
        var message = Message.newBuilder()
                .setUserId("ann")
                .setRoom(Names.room())
                .setContent("x".repeat(64 * 1024))
                .build();

        for (int i = 0; i < 176; i++) {
            upload.onNext(message);
        }
        upload.onCompleted();

        assertThat(Patience.await(response.future()).getStored()).isEqualTo(176);
    }

    @ParameterizedTest
    @CsvSource({"1n, 4", "100m, 4"})
    void aPassedDeadlineIsStatus4OnGrpcWeb(String timeout, int status) {
        var call = new GrpcWebClient(server.uri(), "application/grpc-web+proto")
                .call(
                        "ChatService/SubscribeToMessages",
                        Map.of("grpc-timeout", timeout),
                        SubscribeRequest.newBuilder().setUserId("ann").build(),
                        Message.parser(),
                        message -> {});

        assertThat(Patience.await(call.end()).getCode().value()).isEqualTo(status);
    }

    @Test
    void aPassedDeadlineIsStatus4OnGrpc() {
        // As a header of ours the client does not know it for a deadline: it is the server that ends the call.
        var headers = new Metadata();
        headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "100m");
        var messages = ChatServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .subscribeToMessages(
                        SubscribeRequest.newBuilder().setUserId("ann").build());

        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(messages::next)
                .satisfies(e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    }
}

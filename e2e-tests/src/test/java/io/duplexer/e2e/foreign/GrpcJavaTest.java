package io.duplexer.e2e.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.chat.v1.UploadSummary;
import io.duplexer.e2e.client.ResponseFuture;
import io.duplexer.e2e.support.Inbox;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** grpc-java on Netty with generated stubs, all four kinds of call; and what grpcurl needs: reflection and health. */
class GrpcJavaTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    private final String room = Names.room();

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private ManagedChannel channel;

    /** Where the calls go. */
    int port() {
        return server.port();
    }

    @BeforeEach
    void open() {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    private Message line(String content) {
        return Message.newBuilder()
                .setUserId("ann")
                .setRoom(room)
                .setContent(content)
                .build();
    }

    @Test
    void blockingStubsPublishAndSubscribe() {
        var chat = ChatServiceGrpc.newBlockingStub(channel);

        var response = chat.sendMessage(line("hello"));
        var messages = chat.subscribeToMessages(SubscribeRequest.newBuilder()
                .setUserId("bob")
                .setRoom(room)
                .setJoin(Join.newBuilder().setHistory(1))
                .build());

        assertThat(messages.next().getRecovered().getMissed()).isEqualTo(1);
        assertThat(messages.next().getId()).isEqualTo(response.getMessageId());
        chat.sendMessage(line("live"));
        assertThat(messages.next().getContent()).isEqualTo("live");
    }

    @Test
    void anUploadIsAnsweredOnceWithASummaryThatListsTheRefusals() {
        var response = new ResponseFuture<UploadSummary>();
        var upload = ChatServiceGrpc.newStub(channel).uploadMessages(response);

        upload.onNext(line("one").toBuilder().setId("1").build());
        upload.onNext(line("two").toBuilder().setId("2").build());
        upload.onNext(line("").toBuilder().setId("3").build());
        upload.onNext(line("one again").toBuilder().setId("1").build());
        upload.onCompleted();

        var summary = Patience.await(response.future());
        assertThat(summary.getReceived()).isEqualTo(4);
        assertThat(summary.getStored()).isEqualTo(2);
        assertThat(summary.getDuplicates()).isEqualTo(1);
        assertThat(summary.getRefused()).isEqualTo(1);
        assertThat(summary.getLastSequence()).isPositive();
        var refusal = summary.getRefusals(0);
        assertThat(refusal.getId()).isEqualTo("3");
        assertThat(refusal.getRejected().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        assertThat(refusal.getRejected().getReason()).startsWith("content: empty");
    }

    @Test
    void afterTheHalfCloseAChatEndsWithOkWhenAllIsAcknowledged() {
        var received = new Inbox<Message>();
        var end = new CompletableFuture<Status>();
        var chat = ChatServiceGrpc.newStub(channel).chat(new StreamObserver<>() {
            @Override
            public void onNext(Message message) {
                received.add(message);
            }

            @Override
            public void onError(Throwable failure) {
                end.complete(Status.fromThrowable(failure));
            }

            @Override
            public void onCompleted() {
                end.complete(Status.OK);
            }
        });

        for (int i = 0; i < 100; i++) {
            chat.onNext(line("line " + i));
        }
        chat.onCompleted();

        assertThat(Patience.await(end).getCode()).isEqualTo(Status.Code.OK);
        assertThat(received.all().stream().filter(message -> message.getRoom().equals(room)))
                .hasSize(100)
                .last()
                .extracting(Message::getContent)
                .isEqualTo("line 99");
    }

    @Test
    void reflectionListsTheServicesAndDescribesTheChat() {
        var responses = new Inbox<ServerReflectionResponse>();
        var requests = ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionResponse response) {
                responses.add(response);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        });

        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(responses.take().getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains(ChatServiceGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME);
        requests.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(ChatServiceGrpc.SERVICE_NAME)
                .build());
        assertThat(responses.take().getFileDescriptorResponse().getFileDescriptorProtoList())
                .isNotEmpty();
        requests.onCompleted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ChatServiceGrpc.SERVICE_NAME, "ChatService"})
    void healthOfTheServerAndOfItsServiceIsServing(String service) {
        var health = HealthGrpc.newBlockingStub(channel);
        var request = HealthCheckRequest.newBuilder().setService(service).build();

        assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.SERVING);
    }
}

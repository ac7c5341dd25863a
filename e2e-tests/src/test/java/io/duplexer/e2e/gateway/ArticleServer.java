package io.duplexer.e2e.gateway;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.SubscribeRequest;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The chat service of the article on grpc-java with Netty, health and reflection beside it: what {@code article-server.cjs}
 * is in Node. Prints its port, and which calls were cancelled.
 */
final class ArticleServer extends ChatServiceGrpc.ChatServiceImplBase {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final long everyMillis;

    private ArticleServer(long everyMillis) {
        this.everyMillis = everyMillis;
    }

    /**
     * Starts it.
     *
     * @param args how many milliseconds there are between the updates of a subscription; for TLS also the files of its
     *     certificate and key, and of the certificate that its clients must show
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        var builder = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        if (args.length > 1) {
            builder.sslContext(GrpcSslContexts.forServer(new File(args[1]), new File(args[2]))
                    .trustManager(new File(args[3]))
                    .clientAuth(ClientAuth.REQUIRE)
                    .build());
        }
        var server = builder.addService(new ArticleServer(Long.parseLong(args[0])))
                .addService(ProtoReflectionServiceV1.newInstance())
                .addService(new HealthStatusManager().getHealthService())
                .build()
                .start();
        System.out.println("{\"port\": " + server.getPort() + "}");
        server.awaitTermination();
    }

    @Override
    public void sendMessage(Message request, StreamObserver<MessageResponse> responses) {
        responses.onNext(MessageResponse.newBuilder()
                .setSuccess(true)
                .setMessageId(UUID.randomUUID().toString())
                .build());
        responses.onCompleted();
    }

    @Override
    public void subscribeToMessages(SubscribeRequest request, StreamObserver<Message> responses) {
        var call = (ServerCallStreamObserver<Message>) responses;
        var updates = timer.scheduleAtFixedRate(
                () -> {
                    if (!call.isCancelled()) {
                        call.onNext(message("system", "Server update"));
                    }
                },
                everyMillis,
                everyMillis,
                TimeUnit.MILLISECONDS);
        call.setOnCancelHandler(() -> {
            updates.cancel(false);
            System.out.println("{\"cancelled\": \"SubscribeToMessages\"}");
        });
    }

    @Override
    public StreamObserver<Message> chat(StreamObserver<Message> responses) {
        return new StreamObserver<>() {
            @Override
            public void onNext(Message message) {
                responses.onNext(message("server", "Echo: " + message.getContent()));
            }

            @Override
            public void onError(Throwable cause) {
                System.out.println("{\"cancelled\": \"Chat\"}");
            }

            @Override
            public void onCompleted() {
                responses.onCompleted();
            }
        };
    }

    private static Message message(String author, String content) {
        return Message.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setUserId(author)
                .setContent(content)
                .setTimestamp(System.currentTimeMillis())
                .build();
    }
}

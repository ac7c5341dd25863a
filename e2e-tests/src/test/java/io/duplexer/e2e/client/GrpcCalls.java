package io.duplexer.e2e.client;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceStub;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.SubscribeRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.CompletableFuture;

/** A client that publishes by unary calls and subscribes by server streams, on native gRPC. */
public final class GrpcCalls implements ChatClient {
    private final ManagedChannel channel;
    private final ChatServiceStub stub;

    public GrpcCalls(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        stub = ChatServiceGrpc.newStub(channel);
    }

    @Override
    public CompletableFuture<MessageResponse> publish(Message message) {
        var response = new ResponseFuture<MessageResponse>();
        stub.sendMessage(message, response);
        return response.future();
    }

    @Override
    public Feed join(String userId, String room, Join join) {
        return subscribe(SubscribeRequest.newBuilder()
                .setUserId(userId)
                .setRoom(room)
                .setJoin(join)
                .build());
    }

    @Override
    public Feed listen(String userId) {
        return subscribe(SubscribeRequest.newBuilder().setUserId(userId).build());
    }

    private Feed subscribe(SubscribeRequest request) {
        var call = Context.current().withCancellation();
        var feed = new Feed();
        feed.onLeave(() -> call.cancel(null));
        call.run(() -> stub.subscribeToMessages(request, new StreamListener(feed::add, feed::end)));
        return feed;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}

package io.duplexer.e2e.client;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.ChatServiceGrpc.ChatServiceStub;
import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.ReadHistory;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.e2e.support.Patience;
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

    @Override
    public void type(String userId, String room) {
        Patience.await(publish(ChatClient.typing(userId, room)));
    }

    @Override
    public CompletableFuture<HistoryPage> readHistory(String userId, String room, ReadHistory request) {
        var response = new ResponseFuture<HistoryPage>();
        stub.readHistory(ChatClient.call(userId, room, request), response);
        return response.future();
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

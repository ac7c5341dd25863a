package io.duplexer.e2e.client;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.ReadHistory;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.e2e.support.Patience;
import io.grpc.MethodDescriptor;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A client that publishes by unary calls and subscribes by server streams, on gRPC over WebSocket. */
public final class GrpcWebSocketCalls implements ChatClient {
    private final URI server;
    private final Queue<Feed> feeds = new ConcurrentLinkedQueue<>();

    /**
     * A client of the given server.
     *
     * @param server with the scheme {@code ws}
     */
    public GrpcWebSocketCalls(URI server) {
        this.server = server;
    }

    @Override
    public CompletableFuture<MessageResponse> publish(Message message) {
        return unary(ChatServiceGrpc.getSendMessageMethod(), message, MessageResponse.parser());
    }

    @Override
    public void type(String userId, String room) {
        Patience.await(publish(ChatClient.typing(userId, room)));
    }

    @Override
    public CompletableFuture<HistoryPage> readHistory(String userId, String room, ReadHistory request) {
        var call = ChatClient.call(userId, room, request);
        return unary(ChatServiceGrpc.getReadHistoryMethod(), call, HistoryPage.parser());
    }

    private <T extends MessageLite> CompletableFuture<T> unary(
            MethodDescriptor<?, ?> method, MessageLite request, Parser<T> parser) {
        var response = new ResponseFuture<T>();
        var call = GrpcWebSocketCall.start(server, method, parser, response::onNext);
        call.onEnd(status -> {
            if (status.isOk()) {
                response.onCompleted();
            } else {
                response.onError(status.asRuntimeException());
            }
        });
        call.send(request);
        call.halfClose();
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
        var feed = new Feed();
        var call = GrpcWebSocketCall.start(
                server, ChatServiceGrpc.getSubscribeToMessagesMethod(), Message.parser(), feed::add);
        feed.onLeave(call::cancel);
        call.onEnd(status -> feed.end(Refused.of(status)));
        call.send(request);
        call.halfClose();
        feeds.add(feed);
        return feed;
    }

    @Override
    public void close() {
        feeds.forEach(Feed::leave);
    }
}

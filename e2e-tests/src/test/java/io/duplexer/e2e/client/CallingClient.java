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
import io.grpc.Status;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** A client that publishes by unary calls and subscribes by server streams, whatever carries these. */
abstract class CallingClient implements ChatClient {
    private final Queue<Feed> feeds = new ConcurrentLinkedQueue<>();

    /** A call whose request has been sent. */
    interface Call {
        /** Calls back with how it ended. */
        void onEnd(Consumer<Status> callback);

        /** Idempotent. */
        void cancel();
    }

    /** Starts a call of one request. */
    abstract <Q extends MessageLite, T extends MessageLite> Call start(
            MethodDescriptor<Q, T> method, Q request, Parser<T> parser, Consumer<T> onMessage);

    @Override
    public final CompletableFuture<MessageResponse> publish(Message message) {
        return unary(ChatServiceGrpc.getSendMessageMethod(), message, MessageResponse.parser());
    }

    @Override
    public final void type(String userId, String room) {
        Patience.await(publish(ChatClient.typing(userId, room)));
    }

    @Override
    public final CompletableFuture<HistoryPage> readHistory(String userId, String room, ReadHistory request) {
        var call = ChatClient.call(userId, room, request);
        return unary(ChatServiceGrpc.getReadHistoryMethod(), call, HistoryPage.parser());
    }

    private <Q extends MessageLite, T extends MessageLite> CompletableFuture<T> unary(
            MethodDescriptor<Q, T> method, Q request, Parser<T> parser) {
        var response = new ResponseFuture<T>();
        start(method, request, parser, response::onNext).onEnd(status -> {
            if (status.isOk()) {
                response.onCompleted();
            } else {
                response.onError(status.asRuntimeException());
            }
        });
        return response.future();
    }

    @Override
    public final Feed join(String userId, String room, Join join) {
        return subscribe(SubscribeRequest.newBuilder()
                .setUserId(userId)
                .setRoom(room)
                .setJoin(join)
                .build());
    }

    @Override
    public final Feed listen(String userId) {
        return subscribe(SubscribeRequest.newBuilder().setUserId(userId).build());
    }

    private Feed subscribe(SubscribeRequest request) {
        var feed = new Feed();
        var call = start(ChatServiceGrpc.getSubscribeToMessagesMethod(), request, Message.parser(), feed::add);
        feed.onLeave(call::cancel);
        call.onEnd(status -> feed.end(Refused.of(status)));
        feeds.add(feed);
        return feed;
    }

    @Override
    public void close() {
        feeds.forEach(Feed::leave);
    }
}

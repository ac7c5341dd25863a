package io.duplexer.app.transport;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.app.chat.Chat;
import io.duplexer.app.chat.ChatException;
import io.duplexer.app.chat.ChatSession;
import io.duplexer.app.chat.TokenBucket;
import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.ReadHistoryRequest;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.chat.v1.UploadSummary;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/**
 * The chat's calls, on gRPC and all that is bridged to it. Each call runs on its own event loop.
 */
public final class GrpcChat extends ChatServiceGrpc.ChatServiceImplBase {
    private final Chat chat;
    private final long maxQueuedBytes;

    /**
     * The service of {@code chat}.
     *
     * @param maxQueuedBytes that may wait for one subscriber, in bytes of protobuf, before it is cut off
     */
    public GrpcChat(Chat chat, long maxQueuedBytes) {
        this.chat = chat;
        this.maxQueuedBytes = maxQueuedBytes;
    }

    @Override
    public void sendMessage(Message request, StreamObserver<MessageResponse> response) {
        var publishRate = ConnectionRate.of(chat, ServiceRequestContext.current());
        if (request.hasTyping()) {
            type(request, publishRate, response);
            return;
        }
        answer(response, chat.publish(request, publishRate).thenApply(appended -> {
            var message = appended.message();
            return MessageResponse.newBuilder()
                    .setSuccess(true)
                    .setMessageId(message.getId())
                    .setSequence(message.getSequence())
                    .setTimestamp(message.getTimestamp())
                    .setDuplicate(appended.duplicate())
                    .build();
        }));
    }

    private void type(Message request, TokenBucket publishRate, StreamObserver<MessageResponse> response) {
        try {
            chat.type(request, publishRate);
            response.onNext(MessageResponse.newBuilder().setSuccess(true).build());
            response.onCompleted();
        } catch (ChatException refusal) {
            fail(response, refusal);
        }
    }

    @Override
    public void readHistory(ReadHistoryRequest request, StreamObserver<HistoryPage> response) {
        answer(response, chat.read(request, ConnectionRate.of(chat, ServiceRequestContext.current())));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are answered.
    private static <T> void answer(StreamObserver<T> response, CompletableFuture<T> result) {
        result.whenComplete((value, failure) -> {
            if (failure != null) {
                fail(response, Chat.refusal(failure));
                return;
            }
            response.onNext(value);
            response.onCompleted();
        });
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // It reports its failures through the outlet.
    public void subscribeToMessages(SubscribeRequest request, StreamObserver<Message> response) {
        var outlet = outlet(response);
        try {
            var session = connect(outlet);
            if (request.hasJoin()) {
                session.join(request.getUserId(), request.getRoom(), request.getJoin());
            } else {
                session.listen(request.getUserId(), request.getRoom());
            }
        } catch (ChatException refusal) {
            outlet.end(refusal);
        }
    }

    @Override
    public StreamObserver<Message> uploadMessages(StreamObserver<UploadSummary> response) {
        var ctx = ServiceRequestContext.current();
        return new Upload(
                chat,
                (ServerCallStreamObserver<UploadSummary>) response,
                ctx.eventLoop(),
                ConnectionRate.of(chat, ctx));
    }

    @Override
    public StreamObserver<Message> chat(StreamObserver<Message> response) {
        var outlet = outlet(response);
        try {
            var session = connect(outlet);
            session.listen("");
            return new Conversation((ServerCallStreamObserver<Message>) response, outlet, session);
        } catch (ChatException refusal) {
            outlet.end(refusal);
            return new Ignored();
        }
    }

    private GrpcOutlet outlet(StreamObserver<Message> response) {
        return new GrpcOutlet(
                (ServerCallStreamObserver<Message>) response, ServiceRequestContext.current(), maxQueuedBytes);
    }

    private ChatSession connect(GrpcOutlet outlet) {
        var session = chat.connect(outlet, ConnectionRate.of(chat, ServiceRequestContext.current()));
        outlet.start(session);
        return session;
    }

    private static void fail(StreamObserver<?> response, ChatException refusal) {
        response.onError(StatusTable.grpcStatus(refusal).asRuntimeException());
    }

    /** The requests of a call that was refused before the first of them. */
    private static final class Ignored implements StreamObserver<Message> {
        @Override
        public void onNext(Message message) {}

        @Override
        public void onError(Throwable t) {}

        @Override
        public void onCompleted() {}
    }
}

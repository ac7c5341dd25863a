package io.duplexer.e2e.support;

import com.google.protobuf.Any;
import com.google.rpc.Status;
import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.Rejected;
import io.duplexer.chat.v1.SubscribeRequest;
import io.duplexer.chat.v1.UploadSummary;
import io.grpc.Metadata;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The chat's contract with other handlers behind it, which show what the chat itself has no use for: metadata, details of
 * errors, a reader or writer that is held up.
 *
 * <ul>
 *   <li>{@code SendMessage}: the content comes back as the id; an empty one is INVALID_ARGUMENT with a {@code Rejected} as
 *       its detail and a trailer {@code x-why}.
 *   <li>{@code SubscribeToMessages}: messages of 16 KiB, as many as the room's name says, written only while the call is
 *       ready.
 *   <li>{@code UploadMessages}: counts; in the room {@code held-up} it reads nothing until it is let go.
 *   <li>{@code Chat}: echoes.
 * </ul>
 */
public final class PlayedChat extends ChatServiceGrpc.ChatServiceImplBase {
    public static final int CONTENT_BYTES = 16 * 1024;
    public static final String HELD_UP = "held-up";
    private static final Metadata.Key<String> WHY = Metadata.Key.of("x-why", Metadata.ASCII_STRING_MARSHALLER);

    private final AtomicInteger written = new AtomicInteger();
    private final CompletableFuture<Void> letGo = new CompletableFuture<>();

    /** How many messages the newest subscription has written. */
    public int written() {
        return written.get();
    }

    /** Reads from now on what it was sent in {@link #HELD_UP}. */
    public void letGo() {
        letGo.complete(null);
    }

    @Override
    public void sendMessage(Message request, StreamObserver<MessageResponse> responses) {
        if (!request.getContent().isEmpty()) {
            responses.onNext(MessageResponse.newBuilder()
                    .setSuccess(true)
                    .setMessageId(request.getContent())
                    .build());
            responses.onCompleted();
            return;
        }
        var detail = Rejected.newBuilder().setCode(3).setReason("grüß dich").build();
        var trailers = new Metadata();
        trailers.put(WHY, "empty");
        responses.onError(StatusProto.toStatusRuntimeException(
                Status.newBuilder()
                        .setCode(3)
                        .setMessage("content: none (expected: 1 byte or more)")
                        .addDetails(Any.pack(detail))
                        .build(),
                trailers));
    }

    @Override
    public void subscribeToMessages(SubscribeRequest request, StreamObserver<Message> responses) {
        var call = (ServerCallStreamObserver<Message>) responses;
        var count = Integer.parseInt(request.getRoom());
        var content = "x".repeat(CONTENT_BYTES);
        written.set(0);
        call.setOnReadyHandler(() -> {
            while (call.isReady() && written.get() < count) {
                call.onNext(Message.newBuilder()
                        .setSequence(written.incrementAndGet())
                        .setContent(content)
                        .build());
                if (written.get() == count) {
                    call.onCompleted();
                }
            }
        });
    }

    @Override
    public StreamObserver<Message> uploadMessages(StreamObserver<UploadSummary> responses) {
        var call = (ServerCallStreamObserver<UploadSummary>) responses;
        call.disableAutoRequest();
        call.request(1);
        return new Upload(call);
    }

    private final class Upload implements StreamObserver<Message> {
        private final ServerCallStreamObserver<UploadSummary> call;
        private long received;
        private @Nullable CompletableFuture<Void> reading;

        Upload(ServerCallStreamObserver<UploadSummary> call) {
            this.call = call;
        }

        @Override
        public void onNext(Message message) {
            received++;
            if (message.getRoom().equals(HELD_UP)) {
                reading = letGo.thenRun(() -> call.request(1));
            } else {
                call.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (reading != null) {
                reading.cancel(false);
            }
        }

        @Override
        public void onCompleted() {
            call.onNext(UploadSummary.newBuilder().setReceived(received).build());
            call.onCompleted();
        }
    }

    @Override
    public StreamObserver<Message> chat(StreamObserver<Message> responses) {
        return new StreamObserver<>() {
            @Override
            public void onNext(Message message) {
                responses.onNext(message);
            }

            @Override
            public void onError(Throwable failure) {
                // The call is over: BridgeServer tells.
            }

            @Override
            public void onCompleted() {
                responses.onCompleted();
            }
        };
    }
}

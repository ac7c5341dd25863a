package io.duplexer.app.transport;

import io.duplexer.app.chat.Chat;
import io.duplexer.app.chat.ChatException;
import io.duplexer.app.chat.Problem;
import io.duplexer.app.chat.TokenBucket;
import io.duplexer.app.history.Appended;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Rejected;
import io.duplexer.chat.v1.UploadSummary;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One {@code UploadMessages} call. A client above the publish rate is not refused but slowed down: the next message is
 * asked for when the rate allows it, and HTTP/2's flow control does the rest.
 *
 * <p>All of it runs on the call's event loop.
 */
final class Upload implements StreamObserver<Message> {
    private static final int MAX_REFUSALS = 100;

    private final Chat chat;
    private final ServerCallStreamObserver<UploadSummary> call;
    private final EventLoop eventLoop;
    private final TokenBucket publishRate;
    private final UploadSummary.Builder summary = UploadSummary.newBuilder();
    /** What the rate holds back, in order. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private int inFlight;
    private boolean halfClosed;
    /** The call has been answered, if only with an error. */
    private boolean ended;

    /** A message that may be published, or what is left to say of one that may not: neither is of any length. */
    private record Waiting(Message message, @Nullable ChatException refusal) {}

    Upload(Chat chat, ServerCallStreamObserver<UploadSummary> call, EventLoop eventLoop, TokenBucket publishRate) {
        this.chat = chat;
        this.call = call;
        this.eventLoop = eventLoop;
        this.publishRate = publishRate;
        call.disableAutoRequest();
        // Without a handler, a call that was cancelled would throw from onNext.
        call.setOnCancelHandler(() -> {});
        call.request(Conversation.MAX_IN_FLIGHT);
    }

    @Override
    public void onNext(Message message) {
        if (ended) {
            return;
        }
        summary.setReceived(summary.getReceived() + 1);
        inFlight++;
        waiting.add(accept(message));
        if (waiting.size() == 1) {
            publishWhenAllowed();
        }
    }

    private Waiting accept(Message message) {
        try {
            return new Waiting(chat.accept(message), null);
        } catch (ChatException refusal) {
            return new Waiting(Chat.address(message), refusal);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The event loop outlives the call.
    private void publishWhenAllowed() {
        while (!waiting.isEmpty() && !ended && !call.isCancelled()) {
            var wait = publishRate.tryTake();
            if (!wait.isZero()) {
                eventLoop.schedule(this::publishWhenAllowed, wait.toNanos(), TimeUnit.NANOSECONDS);
                return;
            }
            var next = waiting.remove();
            if (next.refusal() == null) {
                publish(next.message());
            } else {
                count(next.message(), null, next.refusal());
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are counted.
    private void publish(Message message) {
        chat.publishAccepted(message).whenComplete((appended, failure) -> {
            if (eventLoop.inEventLoop()) {
                count(message, appended, failure);
            } else {
                eventLoop.execute(() -> count(message, appended, failure));
            }
        });
    }

    private void count(Message message, @Nullable Appended appended, @Nullable Throwable failure) {
        inFlight--;
        if (ended) {
            return;
        }
        if (appended == null) {
            var refusal = Chat.refusal(failure == null ? new IllegalStateException("no outcome") : failure);
            if (refusal.problem() == Problem.STOPPING || refusal.problem() == Problem.UNAVAILABLE) {
                fail(refusal);
                return;
            }
            refuse(message, refusal);
        } else if (appended.duplicate()) {
            summary.setDuplicates(summary.getDuplicates() + 1);
        } else {
            summary.setStored(summary.getStored() + 1);
            summary.setLastSequence(
                    Math.max(summary.getLastSequence(), appended.message().getSequence()));
        }
        call.request(1);
        completeIfDone();
    }

    private void refuse(Message message, ChatException refusal) {
        summary.setRefused(summary.getRefused() + 1);
        if (summary.getRefusalsCount() < MAX_REFUSALS) {
            summary.addRefusals(Chat.address(message).toBuilder()
                    .setRejected(Rejected.newBuilder()
                            .setCode(refusal.problem().code())
                            .setReason(refusal.reason())));
        }
    }

    private void fail(ChatException refusal) {
        ended = true;
        waiting.clear();
        if (!call.isCancelled()) {
            call.onError(StatusTable.grpcStatus(refusal).asRuntimeException());
        }
    }

    @Override
    public void onError(Throwable t) {
        // Cancelled by the client. What was published stays published.
    }

    @Override
    public void onCompleted() {
        halfClosed = true;
        completeIfDone();
    }

    private void completeIfDone() {
        if (halfClosed && inFlight == 0 && !ended && !call.isCancelled()) {
            ended = true;
            call.onNext(summary.build());
            call.onCompleted();
        }
    }
}

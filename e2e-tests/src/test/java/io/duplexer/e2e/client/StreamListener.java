package io.duplexer.e2e.client;

import io.duplexer.chat.v1.Message;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/** Hands on what a stream brings, and how it ended. */
public record StreamListener(Consumer<Message> onMessage, Consumer<Refused> onEnd) implements StreamObserver<Message> {
    @Override
    public void onNext(Message message) {
        onMessage.accept(message);
    }

    @Override
    public void onError(Throwable failure) {
        onEnd.accept(Refused.from(failure));
    }

    @Override
    public void onCompleted() {
        onEnd.accept(Refused.of(Status.OK));
    }
}

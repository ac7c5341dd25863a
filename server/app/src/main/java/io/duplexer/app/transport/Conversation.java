package io.duplexer.app.transport;

import io.duplexer.app.chat.ChatSession;
import io.duplexer.chat.v1.Message;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The incoming half of a {@code Chat} call: one message more is asked for whenever one has been dealt with. */
final class Conversation implements StreamObserver<Message> {
    /** Messages of one call that may be on their way into the history. */
    static final int MAX_IN_FLIGHT = 64;

    private final ServerCallStreamObserver<Message> call;
    private final GrpcOutlet outlet;
    private final ChatSession session;

    Conversation(ServerCallStreamObserver<Message> call, GrpcOutlet outlet, ChatSession session) {
        this.call = call;
        this.outlet = outlet;
        this.session = session;
        call.disableAutoRequest();
        call.request(MAX_IN_FLIGHT);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // It never fails.
    public void onNext(Message message) {
        session.receive(message).thenRun(() -> call.request(1));
    }

    /** The client cancelled, or its connection is gone. */
    @Override
    public void onError(Throwable t) {
        session.close();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // It never fails.
    public void onCompleted() {
        session.settled().thenRun(outlet::complete);
    }
}

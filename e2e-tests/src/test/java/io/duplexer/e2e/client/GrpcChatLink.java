package io.duplexer.e2e.client;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Message;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;

/** The {@code Chat} call on native gRPC, one channel for each. */
public final class GrpcChatLink implements DuplexLink {
    private final ManagedChannel channel;
    private final StreamObserver<Message> requests;

    private GrpcChatLink(int port, Listener listener) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        requests = ChatServiceGrpc.newStub(channel).chat(new StreamListener(listener::onMessage, listener::onEnd));
    }

    public static Opener to(int port) {
        return listener -> new GrpcChatLink(port, listener);
    }

    @Override
    public synchronized void send(Message message) {
        requests.onNext(message);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}

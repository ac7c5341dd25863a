package io.duplexer.bridge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gRPC service of byte strings, whose side of each call is played by the test. */
final class PlayedService {
    static final String NAME = "test.Played";

    private final BlockingQueue<PlayedCall> calls = new LinkedBlockingQueue<>();

    ServerServiceDefinition definition() {
        ServerServiceDefinition.Builder builder = ServerServiceDefinition.builder(NAME);
        for (MethodType type : new MethodType[] {
            MethodType.UNARY, MethodType.CLIENT_STREAMING, MethodType.SERVER_STREAMING, MethodType.BIDI_STREAMING
        }) {
            builder.addMethod(method(type), (call, headers) -> {
                PlayedCall played = new PlayedCall(call, headers);
                calls.add(played);
                return played;
            });
        }
        return builder.build();
    }

    static MethodDescriptor<byte[], byte[]> method(MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
                .setType(type)
                .setFullMethodName(NAME + "/" + type)
                .build();
    }

    static String path(MethodType type) {
        return "/" + NAME + "/" + type;
    }

    /** The next call that reaches the service. */
    PlayedCall next() throws InterruptedException {
        PlayedCall call = calls.poll(10, TimeUnit.SECONDS);
        assertThat(call).as("the next call").isNotNull();
        return call;
    }

    boolean isIdle() {
        return calls.isEmpty();
    }

    /** What happened to one call, and what the test does with it. */
    static final class PlayedCall extends ServerCall.Listener<byte[]> {
        static final String HALF_CLOSE = "half-close";
        static final String CANCEL = "cancel";
        static final String COMPLETE = "complete";

        final ServerCall<byte[], byte[]> call;
        final Metadata headers;
        final ServiceRequestContext context = ServiceRequestContext.current();
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private volatile Runnable onReady = () -> {};

        PlayedCall(ServerCall<byte[], byte[]> call, Metadata headers) {
            this.call = call;
            this.headers = headers;
        }

        PlayedCall request(int messages) {
            call.request(messages);
            return this;
        }

        PlayedCall sendHeaders(Metadata metadata) {
            call.sendHeaders(metadata);
            return this;
        }

        PlayedCall send(String message) {
            call.sendMessage(message.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        void close(Status status) {
            call.close(status, new Metadata());
        }

        /** Does something on the event loop of the call. */
        void run(Runnable action) {
            context.eventLoop().execute(action);
        }

        void whenReady(Runnable action) {
            onReady = action;
        }

        /** The next message as text, or one of the constants. */
        String next() throws InterruptedException {
            String event = events.poll(10, TimeUnit.SECONDS);
            assertThat(event).as("the call's next event").isNotNull();
            return event;
        }

        int pending() {
            return events.size();
        }

        @Override
        public void onMessage(byte[] message) {
            events.add(new String(message, StandardCharsets.UTF_8));
        }

        @Override
        public void onHalfClose() {
            events.add(HALF_CLOSE);
        }

        @Override
        public void onCancel() {
            events.add(CANCEL);
        }

        @Override
        public void onComplete() {
            events.add(COMPLETE);
        }

        @Override
        public void onReady() {
            onReady.run();
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

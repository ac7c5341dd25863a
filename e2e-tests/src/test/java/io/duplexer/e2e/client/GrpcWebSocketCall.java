package io.duplexer.e2e.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.duplexer.e2e.support.Patience;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC call on a WebSocket of its own, by the JDK's client: messages go to a consumer, the end is a future. Sends from
 * any thread, in the order of the calls.
 */
public final class GrpcWebSocketCall<T> implements CallingClient.Call {
    public static final String SUBPROTOCOL = "grpc-websockets";

    private static final byte DATA = 0;
    private static final byte HALF_CLOSE = 1;
    private static final byte[] HEADERS =
            "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n".getBytes(US_ASCII);
    private static final HttpClient http = HttpClient.newHttpClient();

    private final CompletableFuture<Status> end = new CompletableFuture<>();
    /** The JDK's client takes the next message only when the one before is written. */
    private CompletableFuture<WebSocket> socket;

    private GrpcWebSocketCall(URI uri, Parser<T> parser, Consumer<T> onMessage) {
        socket = http.newWebSocketBuilder()
                .subprotocols(SUBPROTOCOL)
                .buildAsync(uri, new Receiver<>(parser, onMessage, end));
        write(HEADERS);
    }

    /** Starts a call; it takes what is sent from now on, and makes its way when the socket is open. */
    public static <T> GrpcWebSocketCall<T> start(
            URI server, MethodDescriptor<?, ?> method, Parser<T> parser, Consumer<T> onMessage) {
        return new GrpcWebSocketCall<>(server.resolve("/" + method.getFullMethodName()), parser, onMessage);
    }

    public void send(MessageLite message) {
        var frame = GrpcWebFrames.encode(0, message.toByteString());
        write(ByteBuffer.allocate(1 + frame.length).put(DATA).put(frame).array());
    }

    public void halfClose() {
        write(HALF_CLOSE);
    }

    private synchronized void write(byte... bytes) {
        socket = socket.thenCompose(open -> open.sendBinary(ByteBuffer.wrap(bytes), true));
    }

    /** How it ended; never fails. */
    public CompletableFuture<Status> end() {
        return end;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // It never fails.
    public void onEnd(Consumer<Status> callback) {
        end.thenAccept(callback);
    }

    /** Cancels it, by cutting the connection. */
    @Override
    public synchronized void cancel() {
        end.complete(Status.CANCELLED);
        try {
            Patience.await(socket).abort();
        } catch (CompletionException e) {
            // A send that fails has ended the socket already.
        }
    }

    private static final class Receiver<T> implements WebSocket.Listener {
        private final Parser<T> parser;
        private final Consumer<T> onMessage;
        private final CompletableFuture<Status> end;
        private final GrpcWebFrames frames = new GrpcWebFrames(false);

        Receiver(Parser<T> parser, Consumer<T> onMessage, CompletableFuture<Status> end) {
            this.parser = parser;
            this.onMessage = onMessage;
            this.end = end;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            for (var frame : frames.decode(data)) {
                receive(frame);
            }
            socket.request(1);
            return null;
        }

        private void receive(GrpcWebFrames.Frame frame) {
            try {
                if (!frame.isTrailers()) {
                    onMessage.accept(parser.parseFrom(frame.payload()));
                    return;
                }
                Map<String, String> block = frame.trailers();
                if (block.containsKey("grpc-status")) {
                    end.complete(GrpcWebFrames.status(block));
                }
            } catch (InvalidProtocolBufferException e) {
                end.complete(Status.INTERNAL.withCause(e));
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            end.complete(Status.UNAVAILABLE.withDescription("close " + code + " before the trailers: " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            end.complete(Status.UNAVAILABLE.withDescription(String.valueOf(failure)));
        }
    }
}

package io.duplexer.e2e.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.support.Patience;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The chat WebSocket, by the JDK's client. JSON is read and written by protobuf's own JSON mapping, which writes 64-bit
 * integers as strings: the server takes both.
 */
public final class WebSocketLink implements DuplexLink {
    public static final String JSON = "duplexer.chat.v1+json";
    public static final String PROTO = "duplexer.chat.v1+proto";

    private static final HttpClient http = HttpClient.newHttpClient();
    private static final JsonFormat.Printer printer =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser parser = JsonFormat.parser();

    private final WebSocket socket;
    private final boolean json;
    /** The JDK's client takes the next message only when the one before is written. */
    private CompletableFuture<?> written = CompletableFuture.completedFuture(null);

    private WebSocketLink(URI uri, String subprotocol, Listener listener) {
        json = subprotocol.equals(JSON);
        socket = Patience.await(
                http.newWebSocketBuilder().subprotocols(subprotocol).buildAsync(uri, new Receiver(listener)));
    }

    public static Opener to(URI uri, String subprotocol) {
        return listener -> new WebSocketLink(uri, subprotocol, listener);
    }

    @Override
    public synchronized void send(Message message) {
        // A send that fails has closed the socket, which the listener is told.
        written = written.handle((unused, failure) -> message).thenCompose(this::write);
    }

    private CompletableFuture<WebSocket> write(Message message) {
        try {
            return json
                    ? socket.sendText(printer.print(message), true)
                    : socket.sendBinary(ByteBuffer.wrap(message.toByteArray()), true);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    private static final class Receiver implements WebSocket.Listener {
        private final Listener listener;
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Receiver(Listener listener) {
            this.listener = listener;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                listener.onMessage(parse(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            while (data.hasRemaining()) {
                bytes.write(data.get());
            }
            if (last) {
                listener.onMessage(parse(bytes.toByteArray()));
                bytes.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            listener.onEnd(Refused.ofClose(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            listener.onEnd(Refused.ofClose(1006, String.valueOf(failure)));
        }

        private static Message parse(String json) {
            try {
                var message = Message.newBuilder();
                parser.merge(json, message);
                return message.build();
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(json, e);
            }
        }

        private static Message parse(byte[] bytes) {
            try {
                return Message.parseFrom(bytes);
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

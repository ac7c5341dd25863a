package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.duplexer.app.transport.JsonReader.MalformedJsonException;
import io.duplexer.chat.v1.Message;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A client of the chat WebSocket in either form: what it receives, and how it is closed. */
final class SocketClient implements WebSocket.Listener {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(5);

    /** A Close frame. */
    record Close(int code, String reason) {}

    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Close> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final WebSocket socket;

    private SocketClient(ChatServer server, String... subprotocols) {
        var builder = HTTP.newWebSocketBuilder();
        if (subprotocols.length > 0) {
            builder.subprotocols(subprotocols[0]);
        }
        socket = builder.buildAsync(server.socketUri(), this).join();
    }

    static SocketClient json(ChatServer server) {
        return new SocketClient(server);
    }

    static SocketClient proto(ChatServer server) {
        return new SocketClient(server, ChatWebSocket.PROTO);
    }

    SocketClient send(String json) {
        assertThat(socket.sendText(json, true)).succeedsWithin(PATIENCE);
        return this;
    }

    SocketClient send(byte[] message) {
        assertThat(socket.sendBinary(ByteBuffer.wrap(message), true)).succeedsWithin(PATIENCE);
        return this;
    }

    void close() {
        assertThat(socket.sendClose(WebSocket.NORMAL_CLOSURE, "")).succeedsWithin(PATIENCE);
    }

    void abort() {
        socket.abort();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            try {
                messages.add(JsonReader.read(text.toString()));
            } catch (MalformedJsonException e) {
                throw new IllegalStateException(e);
            }
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        var part = new byte[data.remaining()];
        data.get(part);
        bytes.writeBytes(part);
        if (last) {
            try {
                messages.add(Message.parseFrom(bytes.toByteArray()));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
            bytes.reset();
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(new Close(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }

    List<Message> messages() {
        return List.copyOf(messages);
    }

    List<Message> awaitMessages(int count) {
        Awaitility.await().pollInterval(POLL).atMost(PATIENCE).until(() -> messages.size() >= count || closed.isDone());
        assertThat(messages).hasSizeGreaterThanOrEqualTo(count);
        return messages();
    }

    Close awaitClose() {
        assertThat(closed).succeedsWithin(PATIENCE);
        return closed.join();
    }
}

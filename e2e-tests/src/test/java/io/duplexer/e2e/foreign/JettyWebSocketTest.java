package io.duplexer.e2e.foreign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.WebSocketLink;
import io.duplexer.e2e.support.Inbox;
import io.duplexer.e2e.support.Names;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jetty's WebSocket client on both forms of the chat. */
class JettyWebSocketTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    private static final WebSocketClient client = new WebSocketClient();

    private final String room = Names.room();

    @BeforeAll
    static void start() throws Exception {
        client.start();
    }

    @AfterAll
    static void stop() throws Exception {
        client.stop();
    }

    private Session connect(@Nullable String subprotocol, Receiver receiver) throws Exception {
        var request = new ClientUpgradeRequest(server.uri("ws", "/ws"));
        if (subprotocol != null) {
            request.setSubProtocols("chat.example", subprotocol);
        }
        return Patience.await(client.connect(receiver, request));
    }

    @Test
    void jsonGoesBothWaysInTextFrames() throws Exception {
        var receiver = new Receiver();
        var session = connect(WebSocketLink.JSON, receiver);
        assertThat(session.getUpgradeResponse().getAcceptedSubProtocol()).isEqualTo(WebSocketLink.JSON);

        session.sendText("{\"user_id\":\"ann\",\"room\":\"" + room + "\",\"join\":{}}", Callback.NOOP);
        assertThat(receiver.texts.take()).contains("\"recovered\":{", "\"members\":[\"ann\"]");
        session.sendText("{\"userId\":\"ann\",\"room\":\"" + room + "\",\"content\":\"hello\"}", Callback.NOOP);
        assertThat(receiver.texts.take()).contains("\"user_id\":\"ann\"", "\"content\":\"hello\"", "\"sequence\":");

        session.close();
        assertThat(Patience.await(receiver.closed)).isEqualTo(1000);
    }

    @Test
    void protobufGoesBothWaysInBinaryFrames() throws Exception {
        var receiver = new Receiver();
        var session = connect(WebSocketLink.PROTO, receiver);
        assertThat(session.getUpgradeResponse().getAcceptedSubProtocol()).isEqualTo(WebSocketLink.PROTO);
        var message = Message.newBuilder().setUserId("ann").setRoom(room);

        session.sendBinary(
                ByteBuffer.wrap(
                        message.setJoin(Join.getDefaultInstance()).build().toByteArray()),
                Callback.NOOP);
        assertThat(receiver.messages.take().getRecovered().getMembersList()).containsExactly("ann");
        session.sendBinary(
                ByteBuffer.wrap(message.clearJoin().setContent("hello").build().toByteArray()), Callback.NOOP);
        assertThat(receiver.messages.take().getContent()).isEqualTo("hello");

        session.close();
        assertThat(Patience.await(receiver.closed)).isEqualTo(1000);
    }

    @Test
    void aPingIsAnsweredWithItsPayload() throws Exception {
        var receiver = new Receiver();
        var session = connect(null, receiver);

        session.sendPing(UTF_8.encode("are you there?"), Callback.NOOP);

        assertThat(receiver.pongs.take()).isEqualTo("are you there?");
        session.close();
        assertThat(Patience.await(receiver.closed)).isEqualTo(1000);
    }

    /** Runs on Jetty's threads, one call at a time. Public, because Jetty calls it by reflection. */
    public static final class Receiver implements Session.Listener.AutoDemanding {
        private final Inbox<String> texts = new Inbox<>();
        private final Inbox<Message> messages = new Inbox<>();
        private final Inbox<String> pongs = new Inbox<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public void onWebSocketText(String text) {
            texts.add(text);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            try {
                messages.add(Message.parseFrom(payload));
                callback.succeed();
            } catch (IOException e) {
                callback.fail(e);
            }
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            pongs.add(UTF_8.decode(payload).toString());
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            closed.complete(code);
            callback.succeed();
        }
    }
}

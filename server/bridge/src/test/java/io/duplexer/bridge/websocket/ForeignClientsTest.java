package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.websocket.WebSocketClient;
import com.linecorp.armeria.client.websocket.WebSocketSession;
import com.linecorp.armeria.common.websocket.CloseWebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Clients that others have written. */
@ExtendWith(NoLeaks.class)
@Timeout(20)
final class ForeignClientsTest {
    private static final String MESSAGE = "Grüße 🦆 ".repeat(1000);

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.echo(WebSocketConfig.DEFAULT.withCompression(WebSocketCompression.upTo(10)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static URI uri() {
        return URI.create("ws://127.0.0.1:" + server.port() + TestServer.PATH);
    }

    private static String take(BlockingQueue<String> queue) throws InterruptedException {
        String next = queue.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1c", "h2c", "h1", "h2"})
    void armeriasClient(String protocol) throws Exception {
        int port = protocol.endsWith("c") ? server.port() : server.tlsPort();
        try (ClientFactory factory = ClientFactory.builder().tlsNoVerify().build()) {
            WebSocketSession session = WebSocketClient.builder("ws+" + protocol + "://127.0.0.1:" + port)
                    .factory(factory)
                    .aggregateContinuation(true)
                    .build()
                    .connect(TestServer.PATH)
                    .join();
            FrameCollector received = new FrameCollector();
            session.inbound().subscribe(received);
            WebSocketWriter out = session.outbound();
            out.write(MESSAGE);
            assertThat(take(received.texts)).isEqualTo(MESSAGE);
            out.close();
            assertThat(take(received.texts)).isEqualTo("closed with 1000");
        }
    }

    private static final class FrameCollector implements Subscriber<WebSocketFrame> {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(WebSocketFrame frame) {
            texts.add(
                    frame instanceof CloseWebSocketFrame close
                            ? "closed with " + close.status().code()
                            : frame.text());
        }

        /** Over HTTP/1.1 the end of the connection is an error to this client, if it is faster than it. */
        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onComplete() {}
    }

    @Test
    void theJdksClientClosesAtOnce() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        WebSocket client = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(uri(), new JdkListener(received))
                .join();
        client.sendText(MESSAGE, true).join();
        assertThat(take(received)).isEqualTo(MESSAGE);
        long start = System.nanoTime();
        client.sendClose(4000, "bye").join();
        assertThat(take(received)).isEqualTo("4000 bye");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    private static final class JdkListener implements WebSocket.Listener {
        private final BlockingQueue<String> received;
        private final StringBuilder message = new StringBuilder();

        JdkListener(BlockingQueue<String> received) {
            this.received = received;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket client, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                received.add(message.toString());
                message.setLength(0);
            }
            client.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket client, int code, String reason) {
            received.add(code + " " + reason);
            return null;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void jettysClient(boolean compressing) throws Exception {
        org.eclipse.jetty.websocket.client.WebSocketClient client =
                new org.eclipse.jetty.websocket.client.WebSocketClient();
        client.start();
        try {
            ClientUpgradeRequest request = new ClientUpgradeRequest(uri());
            if (compressing) {
                request.addExtensions("permessage-deflate");
            }
            JettyListener listener = new JettyListener();
            Session session = client.connect(listener, request).join();
            assertThat(session.getUpgradeResponse().getExtensions()).hasSize(compressing ? 1 : 0);
            for (int i = 0; i < 3; i++) {
                session.sendText(MESSAGE + i, Callback.NOOP);
                assertThat(take(listener.received)).isEqualTo(MESSAGE + i);
            }
            session.close(4000, "bye", Callback.NOOP);
            assertThat(take(listener.received)).isEqualTo("4000 bye");
        } finally {
            client.stop();
        }
    }

    /** Public, as Jetty's reflection asks for. */
    public static final class JettyListener implements Session.Listener.AutoDemanding {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Override
        public void onWebSocketText(String message) {
            received.add(message);
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            received.add(code + " " + reason);
            callback.succeed();
        }
    }
}

package io.duplexer.bridge.example;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.server.Server;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class GrpcWebSocketExampleTest {
    private static final byte[] HEADERS =
            "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n".getBytes(US_ASCII);

    @Test
    @Timeout(30)
    void theServiceOfTheExampleAnswersOverWebSocket() {
        Server server = GrpcWebSocketExample.server(0);
        server.start().join();
        try {
            Answer answer = new Answer();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .subprotocols("grpc-websockets")
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + server.activeLocalPort() + "/grpc.health.v1.Health/Check"),
                            answer)
                    .join();
            for (byte[] message : new byte[][] {HEADERS, {0, 0, 0, 0, 0, 0}, {1}}) {
                socket.sendBinary(ByteBuffer.wrap(message), true).join();
            }
            assertThat(answer.closeCode.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(WebSocket.NORMAL_CLOSURE);
            assertThat(answer.text())
                    .startsWith("\u0080")
                    .contains("content-type: application/grpc-web+proto\r\n", "\0\0\0\0\2\10\1", "grpc-status: 0\r\n");
        } finally {
            server.stop().join();
        }
    }

    private static final class Answer implements WebSocket.Listener {
        final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        synchronized String text() {
            return bytes.toString(ISO_8859_1);
        }

        @Override
        public synchronized CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] copy = new byte[data.remaining()];
            data.get(copy);
            bytes.writeBytes(copy);
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
            closeCode.complete(statusCode);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable cause) {
            closeCode.completeExceptionally(cause);
        }
    }
}

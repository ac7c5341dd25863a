package io.duplexer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.duplexer.chat.v1.Join;
import io.duplexer.e2e.client.DuplexClient;
import io.duplexer.e2e.client.Feed;
import io.duplexer.e2e.client.GrpcCalls;
import io.duplexer.e2e.client.GrpcChatLink;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.client.RawSocket;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.client.WebSocketLink;
import io.duplexer.e2e.support.ServerProcess;
import io.grpc.Status;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** SIGTERM: everyone is told, the exit code is 0. */
class StopTest {
    @Test
    void everySocketGets1001EveryStreamUnavailableAndTheExitCodeIs0() {
        try (var server = ServerProcess.start();
                var jsonSocket = new RawWebSocket(server.port(), WebSocketLink.JSON);
                var protoSocket = new RawWebSocket(server.port(), WebSocketLink.PROTO);
                var calls = new GrpcCalls(server.port());
                var chat = new DuplexClient(GrpcChatLink.to(server.port()));
                var web = new GrpcWebClient(server.uri(), "application/grpc-web+proto")) {
            var feeds = new Feed[] {
                calls.join("ann", "room", Join.getDefaultInstance()),
                chat.join("bob", "room", Join.getDefaultInstance()),
                web.join("cid", "room", Join.getDefaultInstance())
            };
            for (var feed : feeds) {
                feed.recovered();
            }

            server.terminate();

            for (var socket : new RawWebSocket[] {jsonSocket, protoSocket}) {
                assertThat(socket.readClose().closeCode()).isEqualTo(1001);
                socket.sendFrame(8, (byte) (1001 >> 8), (byte) 1001);
                socket.close();
            }
            for (var feed : feeds) {
                assertThat(feed.awaitEnd().code()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(feed.awaitEnd().reason()).contains("the server is stopping");
            }
            server.awaitStop();
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> new RawSocket(server.port()));
        }
    }

    @Test
    void aSocketThatDoesNotAnswerDoesNotKeepTheServerFromStopping() {
        try (var server = ServerProcess.start("--grace-period", "1s");
                var socket = new RawWebSocket(server.port(), null)) {
            assertThat(socket.handshake()).startsWith("HTTP/1.1 101 ");

            server.stop();
        }
    }
}

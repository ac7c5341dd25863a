package io.duplexer.e2e.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.ChatServiceGrpc;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.support.Inbox;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.SharedServer;
import io.duplexer.e2e.support.TrustAll;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same port with TLS, and HTTP/2 without it by way of an upgrade. */
class TlsTest {
    @RegisterExtension
    static final SharedServer secure = SharedServer.with("--tls-self-signed");

    @RegisterExtension
    static final SharedServer plain = SharedServer.with();

    private static final HttpClient http =
            HttpClient.newBuilder().sslContext(TrustAll.context()).build();

    @Test
    void grpcWorksOverTls() throws SSLException {
        var channel = NettyChannelBuilder.forAddress("127.0.0.1", secure.port())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build())
                .build();
        try {
            var response = ChatServiceGrpc.newBlockingStub(channel)
                    .sendMessage(Message.newBuilder()
                            .setUserId("ann")
                            .setContent("hello")
                            .build());
            assertThat(response.getSuccess()).isTrue();
        } finally {
            channel.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void thePageIsServedOverTlsInBothVersionsOfHttp(Version version) throws Exception {
        assertThat(versionOf(secure.uri().resolve("/healthz"), version)).isEqualTo(version);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void withoutTlsHttp1IsUpgradedToHttp2WhenAsked(Version version) throws Exception {
        assertThat(versionOf(plain.uri().resolve("/healthz"), version)).isEqualTo(version);
    }

    private static Version versionOf(URI uri, Version version) throws Exception {
        var request = HttpRequest.newBuilder(uri).version(version).build();
        var response = http.send(request, BodyHandlers.discarding());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.version();
    }

    @Test
    void theChatWebSocketWorksOverTls() {
        var received = new Inbox<CharSequence>();
        var socket =
                Patience.await(http.newWebSocketBuilder().buildAsync(secure.uri("wss", "/"), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                        received.add(text.toString());
                        socket.request(1);
                        return null;
                    }
                }));

        socket.sendText("{\"user_id\": \"ann\", \"content\": \"over TLS\"}", true)
                .join();

        assertThat(received.take()).contains("over TLS");
        socket.abort();
    }
}

package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake: from RFC 6455's own example one header at a time. */
@ExtendWith(NoLeaks.class)
@Timeout(10)
final class HandshakeTest {
    private static final String EXAMPLE = RawHttp1.request("Origin: http://server.example.com");

    private static final RecordingHandler handler = new RecordingHandler();
    private static TestServer server;
    private static TestServer plain;

    @BeforeAll
    static void start() {
        HttpService fallback = (ctx, req) -> HttpResponse.of("an ordinary " + req.method());
        server = TestServer.of(WebSocketEndpoint.builder(handler)
                .fallback(fallback)
                .subprotocols("chat.v2", "Chat.v1")
                .requireSubprotocol(true)
                .build());
        plain = TestServer.echo(WebSocketConfig.DEFAULT);
    }

    @AfterAll
    static void stop() {
        server.close();
        plain.close();
    }

    private static String respond(TestServer to, String request) throws Exception {
        try (RawHttp1 connection = RawHttp1.connect(to.port())) {
            return connection.exchange(request);
        }
    }

    private static String without(String header) {
        return EXAMPLE.replaceFirst(header + ": [^\r]*\r\n", "");
    }

    private static String with(String header, String value) {
        return EXAMPLE.replaceFirst(header + ": [^\r]*\r\n", header + ": " + value + "\r\n");
    }

    @Test
    void theExampleOfTheRfcIsAccepted() throws Exception {
        String response = respond(plain, EXAMPLE);
        assertThat(response).startsWith("HTTP/1.1 101 ");
        assertThat(response.toLowerCase(Locale.ROOT))
                .contains("\r\nupgrade: websocket\r\n", "\r\nconnection: upgrade\r\n")
                .doesNotContain("sec-websocket-protocol", "sec-websocket-extensions");
        assertThat(response).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade, WebSocket",
        "Upgrade, 'h2c, websocket'",
        "Connection, upgrade",
        "Connection, 'keep-alive, Upgrade'",
        "Sec-WebSocket-Version, ' 13 '"
    })
    void headersMayBeWrittenOtherwise(String header, String value) throws Exception {
        assertThat(respond(plain, with(header, value))).startsWith("HTTP/1.1 101 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "0", "14", "thirteen", "13, 8"})
    void anotherVersionIsAnsweredWithTheRightOne(String version) throws Exception {
        String response = respond(plain, with("Sec-WebSocket-Version", version));
        assertThat(response).startsWith("HTTP/1.1 426 ");
        assertThat(response.toLowerCase(Locale.ROOT)).contains("\r\nsec-websocket-version: 13\r\n");
    }

    @Test
    void aMissingVersionIsAnsweredWithTheRightOne() throws Exception {
        assertThat(respond(plain, without("Sec-WebSocket-Version"))).startsWith("HTTP/1.1 426 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c2hvcnQ=", "not base64 at all!", "dGhlIHNhbXBsZSBub25jZSBpcyBsb25n"})
    void aKeyThatIsNot16BytesIsRefused(String key) throws Exception {
        assertThat(respond(plain, with("Sec-WebSocket-Key", key))).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aMissingKeyIsRefused() throws Exception {
        assertThat(respond(plain, without("Sec-WebSocket-Key"))).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void twoKeysAreRefused() throws Exception {
        String request = EXAMPLE.replace("\r\n\r\n", "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        assertThat(respond(plain, request)).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "Connection"})
    void withoutUpgradeItIsAnOrdinaryRequest(String header) throws Exception {
        assertThat(respond(server, without(header))).startsWith("HTTP/1.1 200 ");
        assertThat(respond(plain, without(header))).startsWith("HTTP/1.1 426 ");
    }

    @Test
    void anotherMethodIsNoUpgrade() throws Exception {
        String request = EXAMPLE.replaceFirst("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n");
        assertThat(respond(server, request)).startsWith("HTTP/1.1 200 ");
        assertThat(respond(plain, request)).startsWith("HTTP/1.1 405 ");
    }

    @ParameterizedTest
    @CsvSource({
        "chat.v2, chat.v2, chat.v2",
        "chat.v1, chat.v1, Chat.v1",
        "'CHAT.V1', 'CHAT.V1', Chat.v1",
        "'Chat.v1, chat.v2', chat.v2, chat.v2",
        "'soap ,chat.v1,', chat.v1, Chat.v1"
    })
    void aCommonSubprotocolIsChosenByTheServersPreference(String offer, String answer, String name) throws Exception {
        String response = respond(server, RawHttp1.request("Sec-WebSocket-Protocol: " + offer));
        assertThat(response).startsWith("HTTP/1.1 101 ").containsIgnoringCase("\r\nsec-websocket-protocol: ");
        assertThat(response).contains(": " + answer + "\r\n");
        assertThat(handler.next().session().subprotocol()).isEqualTo(name);
    }

    @Test
    void subprotocolsMayComeInSeveralHeaders() throws Exception {
        String response =
                respond(server, RawHttp1.request("Sec-WebSocket-Protocol: soap", "Sec-WebSocket-Protocol: chat.v2"));
        assertThat(response).startsWith("HTTP/1.1 101 ").contains("chat.v2");
        assertThat(handler.next().session().subprotocol()).isEqualTo("chat.v2");
    }

    @Test
    void noCommonSubprotocolIsRefusedIfOneIsRequired() throws Exception {
        assertThat(respond(server, RawHttp1.request("Sec-WebSocket-Protocol: soap")))
                .startsWith("HTTP/1.1 400 ");
        assertThat(respond(server, RawHttp1.request())).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void noCommonSubprotocolIsNoneIfNoneIsRequired() throws Exception {
        String response = respond(plain, RawHttp1.request("Sec-WebSocket-Protocol: soap"));
        assertThat(response).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("sec-websocket-protocol");
    }

    @Test
    void theHandlerSeesHeadersCookiesAndAddress() throws Exception {
        try (RawHttp1 connection = RawHttp1.open(
                server.port(), "Sec-WebSocket-Protocol: chat.v2", "Cookie: a=b; c=d", "Authorization: Bearer x")) {
            WebSocketSession session = handler.next().session();
            assertThat(session.headers().get(HttpHeaderNames.COOKIE)).isEqualTo("a=b; c=d");
            assertThat(session.headers().get(HttpHeaderNames.AUTHORIZATION)).isEqualTo("Bearer x");
            assertThat(session.remoteAddress().getPort())
                    .isEqualTo(connection.socket().getLocalPort());
        }
    }

    @Test
    void overHttp2ThereIsNoKey() throws Exception {
        try (RawHttp2 connection = RawHttp2.open(
                server.port(), headers -> headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, "CHAT.v2"))) {
            assertThat(connection.responseHeaders().status().code()).isEqualTo(200);
            assertThat(connection.responseHeaders().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL))
                    .isEqualTo("CHAT.v2");
            assertThat(connection.responseHeaders().contains(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT))
                    .isFalse();
            assertThat(handler.next().session().subprotocol()).isEqualTo("chat.v2");
        }
    }

    @ParameterizedTest
    @CsvSource({"sec-websocket-version, 8, 426", "sec-websocket-protocol, soap, 400", ":protocol, connect-udp, 405"})
    void overHttp2BadHandshakesAreRefused(String header, String value, int status) throws Exception {
        try (RawHttp2 connection = RawHttp2.open(plainOrStrict(header).port(), headers -> headers.set(header, value))) {
            assertThat(connection.responseHeaders().status().code()).isEqualTo(status);
        }
    }

    private static TestServer plainOrStrict(String header) {
        return header.equals("sec-websocket-protocol") ? server : plain;
    }

    @Test
    void overHttp2OrdinaryRequestsGoToTheFallback() {
        try (ClientFactory factory = ClientFactory.ofDefault()) {
            AggregatedHttpResponse response = WebClient.builder("h2c://127.0.0.1:" + server.port())
                    .factory(factory)
                    .build()
                    .execute(RequestHeaders.of(HttpMethod.POST, TestServer.PATH), "body")
                    .aggregate()
                    .join();
            assertThat(response.contentUtf8()).isEqualTo("an ordinary POST");
        }
    }

    @Test
    void subprotocolsAreCheckedAtTheStart() {
        assertThatThrownBy(() -> WebSocketEndpoint.builder(handler).subprotocols("two words"))
                .hasMessage("subprotocol: two words (expected: an HTTP token)");
        assertThatThrownBy(() -> WebSocketEndpoint.builder(handler)
                        .requireSubprotocol(true)
                        .build())
                .isInstanceOf(IllegalStateException.class);
    }
}

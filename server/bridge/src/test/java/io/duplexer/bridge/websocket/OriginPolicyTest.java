package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.server.ServerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect: pages of foreign origins may not, unless they are named (RFC 6455, section 10.2). */
@Timeout(10)
final class OriginPolicyTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.of(endpoint(OriginPolicy.sameOrigin()), OriginPolicyTest::routes);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static WebSocketEndpoint endpoint(OriginPolicy policy) {
        return WebSocketEndpoint.builder(EchoListener::new).origins(policy).build();
    }

    private static void routes(ServerBuilder builder) {
        builder.service("/list", endpoint(OriginPolicy.allowList("https://chat.example", "http://localhost:5173")));
        builder.service("/any", endpoint(OriginPolicy.allowList("https://chat.example", "*")));
        builder.service("/predicate", endpoint(OriginPolicy.predicate(origin -> origin.endsWith(".example"))));
        builder.service(
                "/both", endpoint(OriginPolicy.sameOrigin().or(OriginPolicy.allowList("https://chat.example"))));
        builder.service("/required", endpoint(OriginPolicy.sameOrigin().requireOrigin()));
        builder.service("/default", WebSocketEndpoint.builder(EchoListener::new).build());
    }

    /** The status of a handshake with the host server.example.com. */
    private static int status(String path, @Nullable String origin) throws Exception {
        return status(path, "server.example.com", origin);
    }

    private static int status(String path, String host, @Nullable String origin) throws Exception {
        String request = (origin == null ? RawHttp1.request() : RawHttp1.request("Origin: " + origin))
                .replaceFirst(TestServer.PATH, path)
                .replaceFirst("server.example.com", host);
        try (RawHttp1 connection = RawHttp1.connect(server.port())) {
            return Integer.parseInt(connection.exchange(request).split(" ", 3)[1]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TestServer.PATH, "/default"})
    void theServersOwnPagesAreAllowed(String path) throws Exception {
        assertThat(status(path, "http://server.example.com")).isEqualTo(101);
        assertThat(status(path, "http://server.example.com:80")).isEqualTo(101);
        assertThat(status(path, "HTTP://Server.Example.COM")).isEqualTo(101);
    }

    @ParameterizedTest
    @CsvSource({
        "server.example.com:8080, http://server.example.com:8080, 101",
        "server.example.com:8080, http://server.example.com, 403",
        "server.example.com:8080, http://server.example.com:8081, 403",
        "'[::1]:8080', 'http://[::1]:8080', 101",
        "127.0.0.1:8080, http://127.0.0.1:8080, 101",
        "127.0.0.1:8080, http://localhost:8080, 403",
        "my_host:8080, http://my_host:8080, 101",
        "my_host:8080, http://other_host:8080, 403"
    })
    void hostAndPortMustBeTheSame(String host, String origin, int status) throws Exception {
        assertThat(status(TestServer.PATH, host, origin)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example",
                "https://server.example.com",
                "http://server.example.com.evil.example",
                "http://evil.example/server.example.com",
                "http://server.example.com/path",
                "http://user@server.example.com",
                "http://server.example.com:81",
                "ws://server.example.com",
                "null",
                "",
                "server.example.com",
                "*",
                "http://",
                "http://server.example.com:",
                "http://server.example.com:080000",
                "http://server.example.com?",
                "http:///server.example.com"
            })
    void whateverIsNotTheSameOriginIsRefused(String origin) throws Exception {
        assertThat(status(TestServer.PATH, origin)).isEqualTo(403);
        assertThat(status("/default", origin)).isEqualTo(403);
    }

    @Test
    void clientsThatAreNotBrowsersNeedNoOrigin() throws Exception {
        assertThat(status("/default", null)).isEqualTo(101);
        assertThat(status("/list", null)).isEqualTo(101);
        assertThat(status("/predicate", null)).isEqualTo(101);
    }

    @Test
    void theyDoIfItIsRequired() throws Exception {
        assertThat(status("/required", null)).isEqualTo(403);
        assertThat(status("/required", "http://server.example.com")).isEqualTo(101);
    }

    @ParameterizedTest
    @CsvSource({
        "https://chat.example, 101",
        "https://chat.example:443, 101",
        "HTTPS://CHAT.EXAMPLE, 101",
        "http://localhost:5173, 101",
        "http://chat.example, 403",
        "https://chat.example:444, 403",
        "https://chat.example.evil, 403",
        "http://localhost, 403",
        "http://server.example.com, 403",
        "null, 403"
    })
    void aListAllowsWhatIsOnIt(String origin, int status) throws Exception {
        assertThat(status("/list", origin)).isEqualTo(status);
    }

    @Test
    void aStarAllowsAll() throws Exception {
        assertThat(status("/any", "http://evil.example")).isEqualTo(101);
        assertThat(status("/any", "null")).isEqualTo(101);
    }

    @Test
    void aPredicateDecides() throws Exception {
        assertThat(status("/predicate", "http://a.example")).isEqualTo(101);
        assertThat(status("/predicate", "http://a.example.org")).isEqualTo(403);
    }

    @Test
    void policiesCombine() throws Exception {
        assertThat(status("/both", "https://chat.example")).isEqualTo(101);
        assertThat(status("/both", "http://server.example.com")).isEqualTo(101);
        assertThat(status("/both", "http://evil.example")).isEqualTo(403);
    }

    @Test
    void anUnknownHostIsNobodysOrigin() throws Exception {
        assertThat(status(TestServer.PATH, "not_a_uri_host", "null")).isEqualTo(403);
    }

    @Test
    void twoOriginsAreRefused() throws Exception {
        try (RawHttp1 connection = RawHttp1.connect(server.port())) {
            String request = RawHttp1.request("Origin: http://server.example.com", "Origin: http://server.example.com");
            assertThat(connection.exchange(request)).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void overTlsTheSchemeIsHttps() throws Exception {
        try (RawHttp1 connection = RawHttp1.connectTls(server.tlsPort())) {
            connection.upgrade("Origin: https://server.example.com");
        }
        try (RawHttp1 connection = RawHttp1.connectTls(server.tlsPort())) {
            assertThat(connection.exchange(RawHttp1.request("Origin: http://server.example.com")))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void overHttp2TheAuthorityIsCompared() throws Exception {
        String own = "http://127.0.0.1:" + server.port();
        try (RawHttp2 connection = RawHttp2.open(server.port(), headers -> headers.set(HttpHeaderNames.ORIGIN, own))) {
            assertThat(connection.responseHeaders().status().code()).isEqualTo(200);
        }
        try (RawHttp2 connection =
                RawHttp2.open(server.port(), headers -> headers.set(HttpHeaderNames.ORIGIN, "http://evil.example"))) {
            assertThat(connection.responseHeaders().status().code()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat.example", "https://chat.example/path", "null", "", "https://"})
    void whatIsNotAnOriginCannotBeListed(String origin) {
        assertThatThrownBy(() -> OriginPolicy.allowList(origin))
                .hasMessage("origin: " + origin + " (expected: scheme://host[:port] or *)");
    }
}

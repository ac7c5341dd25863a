package io.duplexer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.duplexer.e2e.support.SharedServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the port serves besides the chat. */
class PageTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    private static final HttpClient http = HttpClient.newHttpClient();
    private static final Pattern ASSET = Pattern.compile("(?:src|href)=\"\\.?(/assets/[^\"]+\\.js)\"");

    private static HttpResponse<String> get(String path) throws Exception {
        return http.send(requestFor(path), BodyHandlers.ofString());
    }

    private static HttpResponse<byte[]> getBytes(String path, String... headers) throws Exception {
        return http.send(requestFor(path, headers), BodyHandlers.ofByteArray());
    }

    private static HttpRequest requestFor(String path, String... headers) {
        var request = HttpRequest.newBuilder(server.uri().resolve(path));
        return headers.length == 0 ? request.build() : request.headers(headers).build();
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String asset() throws Exception {
        var match = ASSET.matcher(get("/").body());
        assertThat(match.find()).as("an asset in the page").isTrue();
        return match.group(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html"})
    void thePageIsAskedForAnewEachTimeAndAllowsNothingFromElsewhere(String path) throws Exception {
        var page = get(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(header(page, "content-type")).startsWith("text/html");
        assertThat(header(page, "cache-control")).contains("no-cache").doesNotContain("immutable");
        assertThat(header(page, "content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe-inline", "unsafe-eval");
        assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(page, "referrer-policy")).isEqualTo("no-referrer");
        assertThat(page.headers().firstValue("server")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void thePageIsNotSentAgainWhenItHasNotChanged(String encoding) throws Exception {
        var first = getBytes("/index.html", "accept-encoding", encoding);
        var again = getBytes("/index.html", "accept-encoding", encoding, "if-none-match", header(first, "etag"));

        assertThat(again.statusCode()).isEqualTo(304);
    }

    @Test
    void assetsAreCachedForAYear() throws Exception {
        var asset = get(asset());

        assertThat(asset.statusCode()).isEqualTo(200);
        assertThat(header(asset, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(header(get("/assets/none.js"), "cache-control")).doesNotContain("immutable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8"})
    void whatAcceptsGzipGetsTheSameFileCompressed(String encodings) throws Exception {
        for (var path : List.of("/", asset(), "/licenses.md")) {
            var plain = getBytes(path);
            var compressed = getBytes(path, "accept-encoding", encodings);

            assertThat(compressed.statusCode()).isEqualTo(200);
            assertThat(header(compressed, "content-encoding")).isEqualTo("gzip");
            assertThat(gunzip(compressed.body())).isEqualTo(plain.body());
            assertThat(header(compressed, "content-length")).isEqualTo("" + compressed.body().length);
            assertThat(header(compressed, "content-type")).isEqualTo(header(plain, "content-type"));
            assertThat(header(compressed, "cache-control")).isEqualTo(header(plain, "cache-control"));
            assertThat(header(compressed, "etag")).isNotEmpty().isNotEqualTo(header(plain, "etag"));
            assertThat(header(compressed, "vary")).isEqualTo("accept-encoding");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "br", "gzip;q=0", "br, GZIP ; q=0.000, deflate"})
    void whatDoesNotAcceptGzipGetsTheFileAsItIs(String encodings) throws Exception {
        for (var path : List.of("/", asset())) {
            var plain = getBytes(path, "accept-encoding", encodings);

            assertThat(plain.statusCode()).isEqualTo(200);
            assertThat(header(plain, "content-encoding")).isEmpty();
            assertThat(header(plain, "vary")).isEqualTo("accept-encoding");
            assertThat(plain.body()).isEqualTo(getBytes(path).body());
        }
    }

    @Test
    void aHeadRequestTellsWhatAGetWouldBringCompressedToo() throws Exception {
        var path = asset();
        var head = http.send(
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .header("accept-encoding", "gzip")
                        .method("HEAD", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofByteArray());
        var whole = getBytes(path, "accept-encoding", "gzip");

        assertThat(head.body()).isEmpty();
        for (var name : List.of("content-encoding", "content-length", "content-type", "etag", "vary")) {
            assertThat(header(head, name)).as(name).isEqualTo(header(whole, name));
        }
    }

    private static byte[] gunzip(byte[] bytes) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    @Test
    void healthIsOk() throws Exception {
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void theDocumentationListsTheServiceWithItsCommentsAndExamples() throws Exception {
        assertThat(get("/docs/").statusCode()).isEqualTo(200);
        var specification = get("/docs/specification.json").body();

        assertThat(specification)
                .contains("duplexer.chat.v1.ChatService", "SubscribeToMessages", "UploadMessages", "ReadHistory")
                .contains("Hello, everyone!")
                .contains("Publishes one chat message.");
    }

    @Test
    void theDocumentationPageCallsWithPlainJson() throws Exception {
        var request = HttpRequest.newBuilder(server.uri().resolve("/duplexer.chat.v1.ChatService/SendMessage"))
                .header("content-type", "application/json; charset=utf-8")
                .header("origin", "http://127.0.0.1:" + server.port())
                .POST(BodyPublishers.ofString("{\"userId\": \"ann\", \"content\": \"Hello, everyone!\"}"))
                .build();

        var response = http.send(request, BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(200);
        var json = new ObjectMapper().readTree(response.body());
        assertThat(json.path("success").asBoolean()).isTrue();
        assertThat(json.path("messageId").asText()).isNotEmpty();
    }
}

package io.duplexer.e2e.process;

import static java.nio.charset.StandardCharsets.UTF_8;
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

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(server.uri().resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
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

    @Test
    void thePageIsNotSentAgainWhenItHasNotChanged() throws Exception {
        var again = get("/index.html", "if-none-match", header(get("/index.html"), "etag"));

        assertThat(again.statusCode()).isEqualTo(304);
    }

    @Test
    void assetsAreCachedForAYear() throws Exception {
        var asset = get(asset());

        assertThat(asset.statusCode()).isEqualTo(200);
        assertThat(header(asset, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(header(get("/assets/none.js"), "cache-control")).doesNotContain("immutable");
    }

    @Test
    void assetsAreCompressedWhenAskedFor() throws Exception {
        var path = asset();
        var request = HttpRequest.newBuilder(server.uri().resolve(path))
                .header("accept-encoding", "gzip")
                .build();

        var compressed = http.send(request, BodyHandlers.ofByteArray());

        assertThat(header(compressed, "content-encoding")).isEqualTo("gzip");
        assertThat(header(compressed, "vary")).containsIgnoringCase("accept-encoding");
        assertThat(gunzip(compressed.body())).isEqualTo(get(path).body());
        assertThat(header(get(path), "content-encoding")).isEmpty();
    }

    private static String gunzip(byte[] bytes) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), UTF_8);
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

package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Every cell of the table makes its call in this browser, and draws what crossed. */
@EachBrowser
class CallTableTest {
    @RegisterExtension
    static final SharedServer plain = SharedServer.with();

    @RegisterExtension
    static final SharedServer secure = SharedServer.with("--tls-self-signed");

    /** The calls that gRPC-Web cannot make. */
    private static final List<String> REFUSED = List.of("grpc-web-client-streaming", "grpc-web-bidirectional");

    private final Browser browser;

    CallTableTest(Browser browser) {
        this.browser = browser;
    }

    @Test
    void overHttp1GrpcWebMakesTwoKindsAndBothWebSocketsAllFour() {
        try (var page = open(plain.uri())) {
            assertThat(page.find("protocol").getText()).isEqualTo("HTTP/1.1");
            assertMakesItsKinds(page);
            for (var cell : REFUSED) {
                assertRefused(page, cell, "TypeError: Failed to fetch");
                assertThat(page.findAll("proof-" + cell)).isEmpty();
            }
            page.screenshot("calls");
        }
    }

    @Test
    void overHttp2TheHalfDuplexOfFetchIsMeasuredAndDrawn() {
        try (var page = open(secure.uri())) {
            assertThat(page.find("protocol").getText()).isEqualTo("HTTP/2");
            page.runAll();
            assertMakesItsKinds(page);
            for (var cell : REFUSED) {
                assertRefused(page, cell, "Half duplex only");
            }
            switch (browser) {
                case CHROMIUM -> assertHalfDuplexIsDrawn(page.find("proof-grpc-web-bidirectional"));
                case FIREFOX ->
                    assertThat(page.findAll("proof-grpc-web-bidirectional")).isEmpty();
            }
            page.screenshot("calls-http2");
        }
    }

    private static void assertHalfDuplexIsDrawn(WebElement proof) {
        assertThat(proof.getText())
                .containsPattern("Sent at \\d+, \\d+, \\d+, \\d+ and \\d+ ms")
                .containsPattern("The server took the chat messages at \\d+, \\d+, \\d+ and \\d+ ms")
                .contains("after the request had ended");
        // Where they stand: all that was sent, and all that the server took, is left of the first answer.
        var firstAnswer = places(proof, ".arrow.down", "x").get(0);
        assertThat(places(proof, ".arrow.up", "x")).hasSize(6).allMatch(place -> place < firstAnswer);
        assertThat(places(proof, ".taken", "cx")).hasSize(4).allMatch(place -> place < firstAnswer);
    }

    private static void assertMakesItsKinds(DemoPage page) {
        assertWorks(page, "grpc-web-unary", 1, 1);
        assertWorks(page, "grpc-web-server-streaming", 1, 11);
        assertWorks(page, "grpc-websocket-unary", 1, 1);
        assertWorks(page, "grpc-websocket-server-streaming", 1, 11);
        assertWorks(page, "grpc-websocket-client-streaming", 20, 1);
        assertWorks(page, "grpc-websocket-bidirectional", 11, 11);
        assertWorks(page, "websocket-unary", 2, 2);
        assertWorks(page, "websocket-server-streaming", 1, 11);
        assertWorks(page, "websocket-client-streaming", 21, 21);
        assertWorks(page, "websocket-bidirectional", 11, 11);
    }

    private DemoPage open(URI server) {
        var page = DemoPage.empty(browser).resize(1440, 2000).visit(server, "calls-" + System.nanoTime(), "Ann", "Bob");
        page.part("calls");
        return page;
    }

    private static void assertWorks(DemoPage page, String cell, int up, int down) {
        var outcome = page.isOver(cell) ? page.find("outcome-" + cell) : page.run(cell);
        assertThat(outcome.getDomAttribute("data-outcome"))
                .as(outcome.getText())
                .isEqualTo("ok");
        assertThat(number(outcome, "data-connections")).as(cell).isEqualTo(1);
        assertThat(number(outcome, "data-up")).as(cell).isEqualTo(up);
        // A member that comes or goes is told, too.
        assertThat(number(outcome, "data-down")).as(cell).isBetween((double) down, down + 2.0);
        assertThat(number(outcome, "data-ms")).as(cell).isPositive();
        var drawing = page.find("timeline-" + cell);
        assertThat(drawing.findElements(By.cssSelector(".arrow.up.message"))).hasSize(up);
        assertThat(number(drawing, "data-frames"))
                .isEqualTo(drawing.findElements(By.cssSelector(".arrow")).size());
        var frames = page.find("frames-" + cell);
        frames.findElement(By.tagName("summary")).click();
        page.waitFor(
                "a row for each frame of " + cell,
                () -> frames.findElements(By.cssSelector("tbody tr")).size() >= up + down);
        frames.findElement(By.tagName("summary")).click();
    }

    private static double number(WebElement element, String attribute) {
        return Double.parseDouble(String.valueOf(element.getDomAttribute(attribute)));
    }

    private static List<Double> places(WebElement drawing, String selector, String attribute) {
        return drawing.findElements(By.cssSelector(selector)).stream()
                .map(mark -> String.valueOf(mark.getDomAttribute(attribute)))
                .map(place -> Double.parseDouble(place.replace("%", "")))
                .toList();
    }

    /**
     * The words are Connect-ES's and the browser's own.
     *
     * @param half what Chromium says of {@code duplex: 'half'}
     */
    private void assertRefused(DemoPage page, String cell, String half) {
        var outcome = page.isOver(cell) ? page.find("outcome-" + cell) : page.run(cell);
        assertThat(outcome.getDomAttribute("data-outcome"))
                .as(outcome.getText())
                .isEqualTo("refused");
        assertThat(page.find("summary-" + cell).getText()).contains("gRPC-Web").contains("browser");
        assertThat(attempt(page, cell, "connect"))
                .isEqualTo("ConnectError: [unknown] The fetch API does not support streaming request bodies");
        switch (browser) {
            case CHROMIUM -> {
                assertThat(attempt(page, cell, "fetch-none"))
                        .startsWith("TypeError")
                        .contains("duplex");
                assertThat(attempt(page, cell, "fetch-full"))
                        .startsWith("TypeError")
                        .contains("full");
                assertThat(attempt(page, cell, "fetch-half")).startsWith(half);
            }
            case FIREFOX ->
                assertThat(List.of("fetch-none", "fetch-full", "fetch-half"))
                        .allMatch(name -> attempt(page, cell, name).startsWith("The browser never read the stream"));
        }
    }

    private static String attempt(DemoPage page, String cell, String name) {
        return page.findAll("attempt-" + cell).stream()
                .filter(attempt -> name.equals(attempt.getDomAttribute("data-attempt")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no attempt " + name))
                .getText();
    }
}

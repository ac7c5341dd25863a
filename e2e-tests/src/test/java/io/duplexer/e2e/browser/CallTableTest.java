package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.WebElement;

/** Every cell of the table makes its call in this browser and shows what came of it. */
class CallTableTest {
    private static final List<String> KINDS = List.of("unary", "server-streaming", "client-streaming", "bidirectional");

    @RegisterExtension
    static final SharedServer plain = SharedServer.with();

    @RegisterExtension
    static final SharedServer secure = SharedServer.with("--tls-self-signed");

    @Test
    void overHttp1GrpcWebMakesTwoKindsAndWebSocketAllFour() {
        try (var page = open(plain.uri())) {
            assertThat(page.find("protocol").getText()).isEqualTo("HTTP/1.1");
            assertWorks(page.run("grpc-web-unary"), 1, 1);
            assertWorks(page.run("grpc-web-server-streaming"), 1, 2);
            assertWorks(page.run("websocket-unary"), 1, 1);
            assertWorks(page.run("websocket-server-streaming"), 1, 2);
            assertWorks(page.run("websocket-client-streaming"), 20, 20);
            assertWorks(page.run("websocket-bidirectional"), 10, 10);
            for (var cell : List.of("grpc-web-client-streaming", "grpc-web-bidirectional")) {
                assertRefused(page.run(cell));
                assertThat(attempt(page, cell, "half")).contains("Failed to fetch");
            }
            page.screenshot("calls");
        }
    }

    @Test
    void overHttp2TheOutcomesAreTheSame() {
        try (var page = open(secure.uri())) {
            assertThat(page.find("protocol").getText()).isEqualTo("HTTP/2");
            page.find("run-all").click();
            for (var kind : KINDS) {
                page.waitFor(kind, () -> page.isOver("grpc-web-" + kind) && page.isOver("websocket-" + kind));
                assertThat(page.find("outcome-websocket-" + kind).getDomAttribute("data-outcome"))
                        .as(kind)
                        .isEqualTo("ok");
            }
            assertRefused(page.find("outcome-grpc-web-client-streaming"));
            assertRefused(page.find("outcome-grpc-web-bidirectional"));
        }
    }

    private static DemoPage open(URI server) {
        return DemoPage.open(server, "calls-" + System.nanoTime(), "Ann", "Bob", "--window-size=1280,1400");
    }

    private static void assertWorks(WebElement outcome, int atLeastUp, int atLeastDown) {
        assertThat(outcome.getDomAttribute("data-outcome"))
                .as(outcome.getText())
                .isEqualTo("ok");
        assertThat(number(outcome, "data-up")).isGreaterThanOrEqualTo(atLeastUp);
        assertThat(number(outcome, "data-down")).isGreaterThanOrEqualTo(atLeastDown);
        assertThat(number(outcome, "data-ms")).isPositive();
    }

    private static double number(WebElement outcome, String attribute) {
        return Double.parseDouble(String.valueOf(outcome.getDomAttribute(attribute)));
    }

    /** The words are Connect-ES's and the browser's own. */
    private static void assertRefused(WebElement outcome) {
        assertThat(outcome.getDomAttribute("data-outcome"))
                .as(outcome.getText())
                .isEqualTo("refused");
        assertThat(outcome.getText())
                .contains("The fetch API does not support streaming request bodies")
                .contains("duplex");
    }

    private static String attempt(DemoPage page, String cell, String name) {
        return page.findAll("attempt-" + cell).stream()
                .filter(attempt ->
                        String.valueOf(attempt.getDomAttribute("data-attempt")).contains(name))
                .map(WebElement::getText)
                .findFirst()
                .orElse("");
    }
}

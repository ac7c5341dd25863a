package io.duplexer.e2e.browser;

import io.duplexer.e2e.support.SharedServer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code on the page, run as often as somebody may press its button. */
class SnippetsTest {
    /** One more than a browser has connections to one host by HTTP/1.1, of which the page itself uses one. */
    private static final int RUNS = 7;

    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    @ParameterizedTest
    @ValueSource(strings = {"grpc-web", "grpc-websocket", "websocket"})
    void eachRunGivesItsConnectionBack(String transport) {
        try (var page = DemoPage.open(Browser.CHROMIUM, server.uri(), "snippets-" + System.nanoTime(), "Ann", "Bob")) {
            page.part("guide");
            var output = page.find("snippet-output-" + transport);
            for (var run = 1; run <= RUNS; run++) {
                page.browser().executeScript("arguments[0].removeAttribute('data-outcome')", output);
                var button = page.find("snippet-run-" + transport);
                page.browser().executeScript("arguments[0].scrollIntoView({ block: 'center' })", button);
                button.click();
                page.waitFor(transport + ", run " + run, () -> "ok".equals(output.getDomAttribute("data-outcome")));
            }
            page.left().waitForState("connected").write("and the chat goes on");
            page.right().waitForMessage("and the chat goes on");
        }
    }
}

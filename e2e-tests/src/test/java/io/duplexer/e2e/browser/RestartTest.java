package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.ServerProcess;
import org.junit.jupiter.api.Test;

/** The server is stopped and started again while two people chat. */
@EachBrowser
class RestartTest {
    private final Browser browser;

    RestartTest(Browser browser) {
        this.browser = browser;
    }

    @Test
    void bothPanesSayThatTheConnectionIsLostAndComeBackByThemselves() {
        var first = ServerProcess.start();
        var port = String.valueOf(first.port());
        try (var page = DemoPage.open(browser, first.uri(), "restart", "Ann", "Bob")) {
            page.left().waitForState("connected").write("before the restart");
            page.right().waitForMessage("before the restart");
            first.stop();
            page.left().waitForState("reconnecting");
            page.right().waitForState("reconnecting");
            assertThat(page.right().notice()).isNotBlank();
            page.right().write("written while the server was away");
            try (var second = ServerProcess.start("--port", port)) {
                page.left().waitForState("connected");
                page.right().waitForState("connected");
                page.left().waitForMessage("written while the server was away");
                page.left().write("after the restart");
                page.right().waitForMessage("after the restart");
                assertThat(page.left().lines())
                        .filteredOn(line -> line.contains("written while the server was away"))
                        .hasSize(1);
                second.assertNoErrors();
            }
        } finally {
            first.close();
        }
    }

    @Test
    void aMessageThatWasRefusedIsSentAgainByItsButton() {
        var strict = ServerProcess.start("--max-content-bytes", "10");
        var port = String.valueOf(strict.port());
        try (var page = DemoPage.open(browser, strict.uri(), "retry", "Ann", "Bob")) {
            page.right().waitForState("connected").write("longer than ten bytes");
            var row = page.right().waitForFailure("longer than ten bytes");
            assertThat(row.getText()).contains("not sent", "content", "21 bytes");
            page.find("right-message-retry").click();
            page.right().waitForFailure("longer than ten bytes");
            strict.stop();
            page.right().waitForState("reconnecting");
            try (var lenient = ServerProcess.start("--port", port)) {
                page.right().waitForState("connected");
                page.find("right-message-retry").click();
                page.right().waitForMessage("longer than ten bytes");
                page.left().waitForMessage("longer than ten bytes");
                assertThat(page.right().lines()).hasSize(1);
                lenient.assertNoErrors();
            }
        } finally {
            strict.close();
        }
    }
}

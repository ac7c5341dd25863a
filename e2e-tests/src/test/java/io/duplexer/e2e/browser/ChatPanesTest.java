package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two people chat in the two panes of one page, and in two windows. */
@EachBrowser
class ChatPanesTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    private final Browser browser;
    private final DemoPage page;

    ChatPanesTest(Browser browser) {
        this.browser = browser;
        page = DemoPage.open(browser, server.uri(), "panes-" + System.nanoTime(), "Ann", "Bob");
    }

    @AfterEach
    void quit() {
        page.close();
    }

    @Test
    void whatOnePaneWritesBothShowInTheSameOrder() {
        page.left().waitForState("connected");
        page.right().waitForState("connected");
        for (var i = 1; i <= 3; i++) {
            page.left().write("from the left " + i);
            page.right().write("from the right " + i);
        }
        for (var i = 1; i <= 3; i++) {
            for (var text : new String[] {"from the left " + i, "from the right " + i}) {
                page.left().waitForMessage(text);
                page.right().waitForMessage(text);
            }
        }
        assertThat(page.left().lines()).isEqualTo(page.right().lines()).hasSize(6);
        page.screenshot("chat");
    }

    @Test
    void theWriterSeesThatItsMessageWasAcknowledged() {
        page.right().waitForState("connected").write("did it arrive?");
        page.right().waitForMessage("did it arrive?");
        var row = page.right().row("did it arrive?");
        assertThat(row.getDomAttribute("data-state")).isEqualTo("acknowledged");
        assertThat(row.getText()).contains("#1").contains("ms");
    }

    @Test
    void aMessageThatTheServerRefusesIsShownWithTheReason() {
        page.right().waitForState("connected");
        page.browser()
                .executeScript("document.querySelector(\"[data-testid='right-input']\").value = 'x'.repeat(65537)");
        page.find("right-send").click();
        var row = page.right().waitForFailure("x".repeat(65537));
        assertThat(row.getText()).contains("content").contains("65537 bytes");
        page.right().write("and the chat goes on");
        page.right().waitForMessage("and the chat goes on");
    }

    @Test
    void textIsShownAsTextAndNotAsMarkup() {
        page.left().waitForState("connected").write("<b onclick=alert(1)>bold</b> & \"quoted\"");
        page.right().waitForMessage("<b onclick=alert(1)>bold</b> & \"quoted\"");
    }

    @Test
    void roomsAreSeparateAndKeepTheirMessages() {
        var first = String.valueOf(page.find("room").getDomProperty("value"));
        page.left().waitForState("connected").write("in the first room");
        page.right().waitForMessage("in the first room");
        page.switchRoom(first + "-other");
        page.left().waitForState("connected");
        page.right().waitForState("connected").write("in the other room");
        page.left().waitForMessage("in the other room");
        assertThat(page.left().lines()).hasSize(1);
        page.switchRoom(first);
        page.left().waitForMessage("in the first room");
        assertThat(page.left().lines()).hasSize(1);
    }

    @Test
    void twoWindowsChatInOneRoom() {
        var room = String.valueOf(page.find("room").getDomProperty("value"));
        page.left().waitForState("connected").write("hello from the first window");
        page.left().waitForMessage("hello from the first window");
        try (var second = DemoPage.open(browser, server.uri(), room, "Cid", "Dora")) {
            second.right().waitForState("connected");
            second.right().waitForMessage("hello from the first window");
            second.right().write("hello from the second window");
            for (var window : new DemoPage[] {page, second}) {
                window.left().waitForMessage("hello from the second window");
                window.right().waitForMessage("hello from the second window");
            }
            assertThat(page.left().lines())
                    .isEqualTo(second.left().lines())
                    .isEqualTo(second.right().lines())
                    .hasSize(2);
        }
    }
}

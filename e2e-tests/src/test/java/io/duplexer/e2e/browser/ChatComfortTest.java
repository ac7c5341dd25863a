package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.Select;

/** What makes the two panes a chat: who is there, who writes, older messages, and another transport on the way. */
@EachBrowser
class ChatComfortTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    private final Browser browser;
    private final DemoPage page;

    ChatComfortTest(Browser browser) {
        this.browser = browser;
        page = DemoPage.open(browser, server.uri(), "comfort-" + System.nanoTime(), "Ann", "Bob");
    }

    @BeforeEach
    void enter() {
        page.left().waitForState("connected");
        page.right().waitForState("connected");
    }

    @AfterEach
    void quit() {
        page.close();
    }

    @Test
    void bothSeeWhoIsThereAndWhoIsWriting() {
        for (var side : List.of("left", "right")) {
            page.waitFor(side, () -> page.find(side + "-presence").getText().equals("2 here: Ann, Bob"));
        }
        page.find("right-input").sendKeys("h");
        page.waitFor("Bob's typing", () -> page.find("left-typing").getText().equals("Bob is typing…"));
        page.find("right-send").click();
        page.waitFor("its end", () -> page.find("left-typing").getText().isEmpty());
        page.right().waitForMessage("h");
        for (var side : List.of("left", "right")) {
            assertThat(page.find(side + "-log").findElements(By.className("day")))
                    .as(side)
                    .hasSize(1);
        }
    }

    @Test
    void thoseWhoWriteAreNamedUpToTwoAndOfMoreItSaysSeveral() {
        var room = String.valueOf(page.find("room").getDomProperty("value"));
        try (var second = DemoPage.open(browser, server.uri(), room, "Cid", "Dora")) {
            second.left().waitForState("connected");
            second.right().waitForState("connected");
            for (var side : List.of("left", "right")) {
                page.waitFor(side, () -> page.find(side + "-presence").getText().equals("4 here: Ann, Bob, Cid, Dora"));
            }
            page.waitFor("two", () -> {
                second.find("left-input").sendKeys("h");
                second.find("right-input").sendKeys("h");
                return page.find("left-typing").getText().equals("Cid and Dora are typing…");
            });
            page.waitFor("all three", () -> {
                page.find("right-input").sendKeys("h");
                second.find("left-input").sendKeys("h");
                second.find("right-input").sendKeys("h");
                return page.find("left-typing").getText().equals("Several people are typing…");
            });
        }
    }

    @Test
    void switchingTheTransportKeepsThePlaceAndWhatWasWritten() {
        page.right().write("by JSON");
        page.left().waitForMessage("by JSON");
        for (var transport : List.of("websocket-protobuf", "grpc-websocket", "websocket-json")) {
            var choice = new Select(page.find("right-transport"));
            choice.selectByValue(transport);
            page.right().write("going to " + transport);
            page.waitFor(transport, () -> page.right().transport().equals(transport));
            page.left().waitForMessage("going to " + transport);
            page.right().waitForMessage("going to " + transport);
            assertThat(page.find("right-in-use").getText())
                    .isEqualTo("by " + choice.getFirstSelectedOption().getText());
        }
        assertThat(page.right().lines()).isEqualTo(page.left().lines()).hasSize(4);
        assertThat(page.right().counted("gaps")).isZero();
        assertThat(page.right().counted("duplicates")).isZero();
        assertThat(page.find("right-traffic").getText()).startsWith("4 requests");
    }

    @Test
    void olderMessagesAreReadBackAndNewOnesWaitBelow() {
        Typists.start(page.browser(), 1, 40);
        page.waitFor("all of them", () -> Typists.rows(page.left()).size() == 80);
        page.left().waitForMessage("Bob 40");
        page.browser().navigate().refresh();
        page.left().waitForState("connected");
        page.waitFor("the newest fifty", () -> page.left().rows().size() == 50);
        page.browser().executeScript("document.getElementById('left-log').scrollTop = 0");
        page.waitFor("the older ones", () -> page.left().rows().size() == 80);
        assertThat(Typists.rows(page.left())).extracting(Typists.Row::sequence).isSortedAccordingTo(this::byNumber);
        page.browser().executeScript("document.getElementById('left-log').scrollTop = 0");
        page.right().waitForState("connected").write("news");
        page.waitFor("the button", () -> page.find("left-jump").isDisplayed());
        assertThat(page.find("left-jump").getText()).isEqualTo("1 new message ↓");
        page.find("left-jump").click();
        page.waitFor("its end", () -> !page.find("left-jump").isDisplayed());
        assertThat(page.left().row("news").isDisplayed()).isTrue();
    }

    private int byNumber(String one, String other) {
        return Integer.compare(Integer.parseInt(one), Integer.parseInt(other));
    }
}

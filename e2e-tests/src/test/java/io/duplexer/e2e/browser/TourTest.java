package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.Select;

/** A visitor tries everything once, on a desk and on a phone, by day and by night. The README's picture is one of these. */
class TourTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    @ParameterizedTest
    @CsvSource({
        "page,        1280, 2300, 1",
        "page-dark,   1280, 2300, 0",
        "page-narrow,  500, 4400, 1",
    })
    void aVisitorChatsAndMakesEveryCall(String picture, int width, int height, int colourScheme) {
        var size = "--window-size=" + width + "," + height;
        var colours = "--blink-settings=preferredColorScheme=" + colourScheme;
        try (var page = DemoPage.open(server.uri(), picture, "Ann", "Bob", size, colours)) {
            page.left().waitForState("connected");
            page.right().waitForState("connected");
            say(page.left(), page.right(), "Hello! I am on gRPC-Web: a stream to listen, a POST to speak.");
            say(page.right(), page.left(), "And I am on a WebSocket. Same room, same order.");
            say(page.left(), page.right(), "Which number do you see on this line?");
            say(page.right(), page.left(), "Number 3, as you do.");
            page.find("run-all").click();
            page.waitFor("the last call", () -> page.find("run-all").isEnabled());
            assertThat(page.browser().findElements(By.cssSelector("td[data-outcome='ok']")))
                    .hasSize(10);
            assertThat(page.browser().findElements(By.cssSelector("td[data-outcome='refused']")))
                    .hasSize(2);
            assertThat(
                            page.browser()
                                    .executeScript(
                                            "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                    .as("nothing is wider than the window")
                    .isEqualTo(true);
            page.part("race");
            new Select(page.find("race-messages")).selectByValue("20");
            page.find("race-start").click();
            page.part("break");
            page.find("break-kill").click();
            page.waitFor(
                    "the experiments",
                    () -> page.find("race-start").isEnabled()
                            && page.find("break-kill").isEnabled());
            for (var part : List.of("race", "break", "wire", "guide")) {
                page.screenshot(picture + "-" + part, page.part(part));
            }
            page.browser().executeScript("window.scrollTo(0, 0)");
            page.screenshot(picture);
        }
    }

    private static void say(DemoPage.Pane speaker, DemoPage.Pane listener, String text) {
        speaker.write(text);
        listener.waitForMessage(text);
        speaker.waitForMessage(text);
    }
}

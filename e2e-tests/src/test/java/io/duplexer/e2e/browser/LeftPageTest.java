package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A page that the browser keeps, frozen, while another one is looked at (the back/forward cache). */
class LeftPageTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with("--presence-grace", "1s");

    @Test
    void itsPeopleLeaveAndComeBackWithEverythingThatTheyMissed() {
        var room = "left-" + System.nanoTime();
        try (var away = DemoPage.open(Browser.CHROMIUM, server.uri(), room, "Ann", "Bob");
                var here = DemoPage.open(Browser.CHROMIUM, server.uri(), room, "Cid", "Dora")) {
            var panes = List.of(away.left(), away.right());
            panes.forEach(pane -> pane.waitForState("connected"));
            away.left().write("before");
            panes.forEach(pane -> pane.waitForMessage("before"));
            waitForPeople(here, "4 here: Ann, Bob, Cid, Dora");
            away.browser().executeScript("window.isTheSamePage = true");
            away.browser().executeScript("location.href = '/healthz'");
            waitForPeople(here, "2 here: Cid, Dora");
            for (var text : List.of("one", "two", "three")) {
                here.right().write(text);
                here.right().waitForMessage(text);
            }
            away.browser().executeScript("history.back()");
            away.waitFor("the kept page", () -> away.browser().getTitle().startsWith("Duplexer"));
            assertThat(away.browser().executeScript("return window.isTheSamePage"))
                    .as("the browser kept the page")
                    .isEqualTo(true);
            away.right().write("back again");
            for (var pane : panes) {
                pane.waitForState("connected").waitForMessage("back again");
                assertThat(pane.recovered()).isEqualTo("true");
                assertThat(pane.counted("missed")).isBetween(3, 4);
                assertThat(pane.counted("gaps")).isZero();
                assertThat(pane.counted("duplicates")).isZero();
            }
            here.right().waitForMessage("back again");
            assertThat(away.left().lines())
                    .isEqualTo(away.right().lines())
                    .isEqualTo(here.right().lines())
                    .hasSize(5);
            waitForPeople(here, "4 here: Ann, Bob, Cid, Dora");
        }
    }

    private static void waitForPeople(DemoPage page, String people) {
        page.waitFor(people, () -> page.find("left-presence").getText().equals(people));
    }
}

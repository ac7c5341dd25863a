package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/** The page in use, as axe-core sees it: on a phone and on a desk, by day and by night. */
@EachBrowser
class AccessibilityTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    /** Returns what is wrong, as one line each; an empty list when nothing is. */
    private static final String RUN = """
            const done = arguments[0];
            axe.run(document, { resultTypes: ['violations'] }).then(
              ({ violations }) => done(violations.flatMap(({ id, nodes }) =>
                nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary))),
              (error) => done([String(error)]));
            """;

    /** One use of the page is enough for all tests in one browser. */
    private static @Nullable DemoPage used;

    private final Browser browser;
    private final DemoPage page;

    AccessibilityTest(Browser browser) throws IOException {
        this.browser = browser;
        page = usedIn(browser);
    }

    private static DemoPage usedIn(Browser browser) throws IOException {
        if (used == null) {
            used = use(browser);
        }
        return used;
    }

    private static DemoPage use(Browser browser) throws IOException {
        var page = DemoPage.open(browser, server.uri(), "accessible", "Ann", "Bob");
        page.left().waitForState("connected").write("hello");
        page.right().waitForState("connected").write("hello to you");
        page.left().waitForMessage("hello to you");
        page.runAll();
        for (var part : DemoPage.PARTS) {
            page.part(part);
        }
        new Select(page.find("race-messages")).selectByValue("20");
        page.find("race-start").click();
        page.find("break-offline").click();
        page.waitUntilIdle("race-start");
        page.waitUntilIdle("break-offline");
        page.browser().manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
        page.browser().executeScript(Files.readString(Path.of("node_modules/axe-core/axe.min.js")));
        return page;
    }

    @AfterAll
    static void quit() {
        if (used != null) {
            used.close();
            used = null;
        }
    }

    @ParameterizedTest
    @CsvSource({"375, light", "375, dark", "1440, light", "1440, dark"})
    void axeFindsNothing(int width, String colours) {
        page.resize(width, 900);
        page.prefer("prefers-color-scheme", colours);
        assertThat((List<?>) page.browser().executeAsyncScript(RUN)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"320", "375", "768", "1440"})
    void nothingIsWiderThanTheWindow(int width) {
        page.resize(width, 900);
        assertThat(page.overhang()).isZero();
    }

    @Test
    void everyPartIsReachedWithTheTabKeyTheSkipLinkFirst() {
        try (var fresh = DemoPage.open(browser, server.uri(), "by-keyboard", "Ann", "Bob")) {
            fresh.left().waitForState("connected");
            for (var part : DemoPage.PARTS) {
                fresh.part(part);
            }
            fresh.browser().findElement(By.tagName("body")).sendKeys(Keys.TAB);
            assertThat(fresh.browser().switchTo().activeElement().getText()).isEqualTo("Skip to the chat");
            var reached = new HashSet<String>();
            for (var presses = 0; presses < 150 && !reached.contains("snippet-run-websocket"); presses++) {
                var focused = fresh.browser().switchTo().activeElement();
                reached.add(String.valueOf(focused.getDomAttribute("data-testid")));
                focused.sendKeys(Keys.TAB);
            }
            assertThat(reached)
                    .contains("room", "left-name", "left-log", "left-input", "left-send", "right-transport")
                    .contains("run-all", "run-grpc-web-unary", "run-websocket-bidirectional", "race-start")
                    .contains("break-kill", "wire-pause", "wire-text", "wire-list", "snippet-run-websocket");
        }
    }

    @Test
    void aButtonKeepsTheFocusWhileItsWorkIsUnderWay() {
        var button = page.find("break-drop");
        button.sendKeys(Keys.ENTER);
        assertThat(page.browser().switchTo().activeElement()).isEqualTo(button);
        page.waitUntilIdle("break-drop");
        assertThat(page.browser().switchTo().activeElement()).isEqualTo(button);
    }

    @Test
    void whoeverWantsLessMotionGetsNone() {
        for (var motion : Map.of("no-preference", "smooth", "reduce", "auto").entrySet()) {
            page.prefer("prefers-reduced-motion", motion.getKey());
            assertThat(page.browser().executeScript("return getComputedStyle(document.documentElement).scrollBehavior"))
                    .isEqualTo(motion.getValue());
        }
    }

    @Test
    void thePageSaysItsLanguageAndItsTitle() {
        assertThat(page.browser().executeScript("return document.documentElement.lang"))
                .isEqualTo("en");
        assertThat(page.browser().getTitle()).startsWith("Duplexer");
    }
}

package io.duplexer.e2e.browser;

import static java.util.Objects.requireNonNull;

import io.duplexer.e2e.support.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TakesScreenshot;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page, as a person sees and uses it: by the names and values that web/README.md lists. */
final class DemoPage implements AutoCloseable {
    /** The parts whose script is loaded when they are near. */
    static final List<String> PARTS = List.of("calls", "race", "break", "wire", "guide");

    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    private final Browser kind;
    private final RemoteWebDriver browser;

    private DemoPage(Browser kind) {
        this.kind = kind;
        this.browser = kind.open();
    }

    /** Opens the page in a browser of its own. */
    static DemoPage open(Browser browser, URI server, String room, String left, String right) {
        return empty(browser).visit(server, room, left, right);
    }

    /** A browser of its own that shows nothing yet, so that the page is opened as it is set. */
    static DemoPage empty(Browser browser) {
        return new DemoPage(browser);
    }

    /** Shows the page of this server. */
    DemoPage visit(URI server, String room, String left, String right) {
        browser.get(server + "?room=" + encode(room) + "&left=" + encode(left) + "&right=" + encode(right));
        return this;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    RemoteWebDriver browser() {
        return browser;
    }

    Pane left() {
        return new Pane("left");
    }

    Pane right() {
        return new Pane("right");
    }

    WebElement find(String testId) {
        return browser.findElement(By.cssSelector("[data-testid='" + testId + "']"));
    }

    List<WebElement> findAll(String testId) {
        return browser.findElements(By.cssSelector("[data-testid='" + testId + "']"));
    }

    /** Waits until {@code condition} holds; elements that are being replaced meanwhile do not matter. */
    void waitFor(String what, Supplier<Boolean> condition) {
        new WebDriverWait(browser, Patience.LIMIT, POLL_INTERVAL)
                .withMessage(() -> what + "; the page shows:\n"
                        + browser.findElement(By.tagName("body")).getText())
                .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
                .until(ignored -> condition.get());
    }

    /** Presses a button of the table and waits until its call has ended. */
    WebElement run(String cell) {
        part("calls");
        var button = find("run-" + cell);
        // A person would not press what lies under the bar at the top; the driver tries to.
        browser.executeScript("arguments[0].scrollIntoView({ block: 'center' })", button);
        button.click();
        waitFor("the outcome of " + cell, () -> isOver(cell));
        return find("outcome-" + cell);
    }

    /** Waits until what this button began is over. */
    void waitUntilIdle(String button) {
        waitFor("the end of " + button, () -> find(button).getDomAttribute("aria-disabled") == null);
    }

    /** Makes all the calls of the table. */
    void runAll() {
        part("calls");
        find("run-all").click();
        waitUntilIdle("run-all");
    }

    /** Gives the page a window of this size. */
    DemoPage resize(int width, int height) {
        kind.resize(browser, width, height);
        return this;
    }

    /** Sets a media feature, such as {@code prefers-color-scheme}. */
    DemoPage prefer(String feature, String value) {
        kind.prefer(browser, feature, value);
        return this;
    }

    /** How much wider the page is than its window. */
    long overhang() {
        return (long) requireNonNull(browser.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    /** Scrolls to a part of the page and waits until its script is there. */
    WebElement part(String id) {
        var section = browser.findElement(By.id(id));
        browser.executeScript("arguments[0].scrollIntoView()", section);
        waitFor("part " + id, () -> section.getDomAttribute("data-loaded") != null);
        return section;
    }

    boolean isOver(String cell) {
        var outcome = find("outcome-" + cell).getDomAttribute("data-outcome");
        return outcome != null && !outcome.equals("running");
    }

    void switchRoom(String room) {
        var input = find("room");
        input.clear();
        input.sendKeys(room);
        find("room-switch").click();
    }

    /** Leaves pictures of each part, and one of the page from its beginning. */
    void pictures(String name) {
        for (var part : PARTS) {
            screenshot(name + "-" + part, part(part));
        }
        browser.executeScript("document.activeElement.blur(); window.scrollTo(0, 0)");
        screenshot(name);
    }

    /** Leaves a picture in the directory that the system property {@code screenshots} names. */
    void screenshot(String name) {
        screenshot(name, browser);
    }

    /** Leaves a picture of a part of the page there. */
    void screenshot(String name, TakesScreenshot part) {
        try {
            var directory = Path.of(System.getProperty("screenshots", "target/screenshots"));
            Files.createDirectories(directory);
            Files.write(directory.resolve(kind.own(name) + ".png"), part.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        browser.quit();
    }

    /** One person's pane. */
    final class Pane {
        private final String side;

        private Pane(String side) {
            this.side = side;
        }

        DemoPage page() {
            return DemoPage.this;
        }

        String side() {
            return side;
        }

        String state() {
            return String.valueOf(find(side + "-state").getDomAttribute("data-state"));
        }

        /** The name of the transport in use, empty while there is none. */
        String transport() {
            var transport = find(side + "-state").getDomAttribute("data-transport");
            return transport == null ? "" : transport;
        }

        /** What its client has counted: {@code lines}, {@code missed}, {@code gaps} or {@code duplicates}. */
        int counted(String what) {
            return Integer.parseInt(String.valueOf(find(side + "-pane").getDomAttribute("data-" + what)));
        }

        /** What its client says of its last return to the room: {@code true}, {@code false}, or {@code null} if there was none. */
        String recovered() {
            return String.valueOf(find(side + "-pane").getDomAttribute("data-recovered"));
        }

        Pane waitForState(String state) {
            waitFor(side + " pane is " + state, () -> state().equals(state));
            return this;
        }

        void write(String text) {
            find(side + "-input").sendKeys(text);
            find(side + "-send").click();
        }

        List<WebElement> rows() {
            return findAll(side + "-message");
        }

        WebElement row(String text) {
            return rows().stream()
                    .filter(row -> content(row).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no row says " + text));
        }

        /** Waits until a row with this text has its place in the room. */
        void waitForMessage(String text) {
            waitFor(
                    side + " pane shows " + text + " in its place",
                    () -> rows().stream()
                            .anyMatch(
                                    row -> content(row).equals(text) && row.getDomAttribute("data-sequence") != null));
        }

        /** Waits until the row with this text says that it was not sent. */
        WebElement waitForFailure(String text) {
            waitFor(
                    side + " pane shows " + text + " as failed",
                    () -> rows().stream()
                            .anyMatch(row ->
                                    content(row).equals(text) && "failed".equals(row.getDomAttribute("data-state"))));
            return row(text);
        }

        /** What the pane shows, from top to bottom: sequence, author and text of each row. */
        List<String> lines() {
            return rows().stream()
                    .map(row -> row.getDomAttribute("data-sequence") + " " + row.getDomAttribute("data-author") + ": "
                            + content(row))
                    .toList();
        }

        String error() {
            return find(side + "-error").getText();
        }

        String notice() {
            return find(side + "-notice").getText();
        }

        private String content(WebElement row) {
            return row.findElement(By.cssSelector("[data-testid='" + side + "-message-content']"))
                    .getText();
        }
    }
}

package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** What a visitor does in the parts of the page below the calls, and must see there. */
final class Experiments {
    private static final List<String> RACERS =
            List.of("grpc-web", "grpc-websocket", "websocket-protobuf", "websocket-json");

    private final DemoPage page;

    Experiments(DemoPage page) {
        this.page = page;
    }

    /** Races twenty messages over each transport. */
    void race() {
        page.part("race");
        assertThat(page.find("race-empty").isDisplayed()).isTrue();
        new Select(page.find("race-messages")).selectByValue("20");
        page.find("race-start").click();
        page.waitUntilIdle("race-start");
        for (var racer : RACERS) {
            var row = page.find("race-" + racer);
            assertThat(row.getDomAttribute("data-outcome")).as(row.getText()).isEqualTo("ok");
            assertThat(number(row, "data-p50-ms")).isPositive().isLessThanOrEqualTo(number(row, "data-p95-ms"));
            assertThat(number(row, "data-p95-ms")).isLessThanOrEqualTo(number(row, "data-p99-ms"));
            assertThat(number(row, "data-per-second")).isPositive();
            assertThat(number(row, "data-framing")).isPositive();
            assertThat(number(row, "data-headers")).isPositive();
            // A stream to listen and two rounds of a request a message; of a WebSocket, the upgrade.
            assertThat(number(row, "data-requests")).isEqualTo(racer.equals("grpc-web") ? 41 : 1);
        }
        assertThat(number(page.find("race-websocket-json"), "data-payload"))
                .isGreaterThan(number(page.find("race-websocket-protobuf"), "data-payload"));
        assertThat(page.find("race-latency-plot").getDomAttribute("aria-label")).contains("p50");
        assertThat(page.find("race-bytes-plot").findElements(By.cssSelector("rect")))
                .hasSize(3 * RACERS.size());
        page.find("race-accounting").findElement(By.tagName("summary")).click();
        assertThat(page.find("race-accounting").getText())
                .contains("Computed by RFC 6455")
                .containsPattern("\\d+ requests, \\d+ bytes of response bodies");
    }

    /** Breaks the connection of a reader by this transport: {@code drop}, {@code offline} or {@code kill}. */
    void breakConnection(String transport, String breakage) {
        page.part("break");
        new Select(page.find("break-transport")).selectByValue(transport);
        page.find("break-" + breakage).click();
        page.waitUntilIdle("break-" + breakage);
        var verdict = page.find("break-verdict");
        assertThat(verdict.getDomAttribute("data-outcome"))
                .as(verdict.getText())
                .isEqualTo("ok");
        // A connection that is only dropped may be back before the last message is written.
        assertThat(number(verdict, "data-missed")).isBetween(breakage.equals("drop") ? 0.0 : 7.0, 7.0);
        assertThat(verdict.getText())
                .contains("recovered: true", "0 gaps", "0 duplicates")
                .contains("wrote 10 and read 10: 0 missing, 0 repeated, 0 out of order");
    }

    /** The figures of the comparison that were measured so far. */
    List<String> figures() {
        page.part("guide");
        return page.find("guide").findElements(By.cssSelector("[data-figure]")).stream()
                .map(figure -> String.valueOf(figure.getDomAttribute("data-figure")))
                .toList();
    }

    /** Every line of the comparison leads to a part of the page. */
    void followTheClaims() {
        for (var claim : page.findAll("guide-claim")) {
            var link = claim.findElement(By.tagName("a"));
            var part = String.valueOf(link.getDomAttribute("href")).substring(1);
            assertThat(page.browser().findElements(By.id(part))).as(part).hasSize(1);
        }
    }

    /** Runs the code as it is shown, copies it, and looks at what was copied. */
    void runTheCode() {
        var room = String.valueOf(page.find("room").getDomProperty("value"));
        for (var transport : List.of("grpc-web", "grpc-websocket", "websocket")) {
            page.find("snippet-run-" + transport).click();
            var output = page.find("snippet-output-" + transport);
            page.waitFor("the code to end", () -> !"running".equals(output.getDomAttribute("data-outcome")));
            assertThat(output.getText()).startsWith("#1 hello by ");
            page.find("snippet-copy-" + transport).click();
            page.find("room").sendKeys(Keys.chord(Keys.CONTROL, "a"));
            page.find("room").sendKeys(Keys.chord(Keys.CONTROL, "v"));
            // The field makes one line of it.
            assertThat(letters(String.valueOf(page.find("room").getDomProperty("value"))))
                    .isEqualTo(letters(page.find("snippet-" + transport).getText()))
                    .contains("functionsay(");
        }
        page.find("room").clear();
        page.find("room").sendKeys(room);
    }

    private static String letters(String code) {
        return code.replaceAll("\\s", "");
    }

    private static double number(WebElement element, String attribute) {
        return Double.parseDouble(String.valueOf(element.getDomAttribute(attribute)));
    }
}

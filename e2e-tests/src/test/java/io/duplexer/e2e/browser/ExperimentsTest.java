package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** A person races the transports, breaks connections, compares, and runs the code: in the clear and by HTTP/2. */
class ExperimentsTest {
    private static final List<String> RACERS =
            List.of("grpc-web", "grpc-websocket", "websocket-protobuf", "websocket-json");

    @RegisterExtension
    static final SharedServer plain = SharedServer.with();

    @RegisterExtension
    static final SharedServer secure = SharedServer.with("--tls-self-signed");

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void everyExperimentIsMadeAndItsFigureIsInTheComparison(String scheme) {
        var server = scheme.equals("http") ? plain : secure;
        try (var page = DemoPage.open(server.uri(), "experiments", "Ann", "Bob", "--window-size=1440,1200")) {
            page.part("guide");
            assertThat(figures(page)).isEmpty();
            race(page);
            page.part("break");
            breakConnection(page, "websocket-json", "offline");
            breakConnection(page, "grpc-web", "kill");
            breakConnection(page, "grpc-websocket", "drop");
            page.run("grpc-web-bidirectional");
            page.run("websocket-bidirectional");
            page.part("guide");
            assertThat(figures(page))
                    .contains("race-payload", "race-bytes", "race-latency", "race-rate", "race-requests")
                    .contains("break-drop", "break-offline", "break-kill")
                    .contains("bidirectional/grpc-web", "bidirectional/websocket");
            for (var link : page.find("guide").findElements(By.tagName("a"))) {
                var part = String.valueOf(link.getDomAttribute("href")).substring(1);
                assertThat(page.browser().findElements(By.id(part))).as(part).hasSize(1);
            }
            runTheCode(page);
            page.screenshot("experiments-" + scheme);
        }
    }

    private static void race(DemoPage page) {
        page.part("race");
        assertThat(page.find("race-empty").isDisplayed()).isTrue();
        new Select(page.find("race-messages")).selectByValue("20");
        page.find("race-start").click();
        page.waitFor("the end of the race", () -> page.find("race-start").isEnabled());
        for (var racer : RACERS) {
            var row = page.find("race-" + racer);
            assertThat(row.getDomAttribute("data-outcome")).as(row.getText()).isEqualTo("ok");
            assertThat(number(row, "data-p50-ms")).isPositive().isLessThanOrEqualTo(number(row, "data-p99-ms"));
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

    private static void breakConnection(DemoPage page, String transport, String breakage) {
        new Select(page.find("break-transport")).selectByValue(transport);
        page.find("break-" + breakage).click();
        page.waitFor(
                "the end of " + breakage, () -> page.find("break-" + breakage).isEnabled());
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

    private static List<String> figures(DemoPage page) {
        return page.find("guide").findElements(By.cssSelector("[data-figure]")).stream()
                .map(figure -> String.valueOf(figure.getDomAttribute("data-figure")))
                .toList();
    }

    private static void runTheCode(DemoPage page) {
        for (var transport : List.of("grpc-web", "grpc-websocket", "websocket")) {
            page.find("snippet-run-" + transport).click();
            var output = page.find("snippet-output-" + transport);
            page.waitFor("the code to end", () -> !"running".equals(output.getDomAttribute("data-outcome")));
            assertThat(output.getText()).startsWith("#1 hello by ");
            page.find("snippet-copy-" + transport).click();
            page.find("room").sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.chord(Keys.CONTROL, "v"));
            // The field makes one line of it.
            assertThat(letters(String.valueOf(page.find("room").getDomProperty("value"))))
                    .isEqualTo(letters(page.find("snippet-" + transport).getText()))
                    .contains("function say(");
        }
    }

    private static String letters(String code) {
        return code.replaceAll("\\s", "").replace("functionsay(", "function say(");
    }

    private static double number(WebElement element, String attribute) {
        return Double.parseDouble(String.valueOf(element.getDomAttribute(attribute)));
    }
}

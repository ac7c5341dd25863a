package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The inspector shows what crossed, byte by byte and field by field. */
class WireTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    private final DemoPage page =
            DemoPage.open(server.uri(), "wire-" + System.nanoTime(), "Ann", "Bob", "--window-size=1440,1200");

    @BeforeEach
    void openTheInspector() {
        page.left().waitForState("connected");
        page.right().waitForState("connected");
        page.part("wire");
    }

    @AfterEach
    void quit() {
        page.close();
    }

    @Test
    void aGrpcMessageIsShownWithItsPrefixAndItsFieldsByName() {
        page.run("grpc-websocket-unary");
        choose("grpc-websocket", "up", "one message");
        assertThat(page.find("wire-about").getText())
                .startsWith("↑ to the server · SendMessage by gRPC on WebSocket · Unary")
                .endsWith("bytes");
        assertThat(decoded()).contains("marker data", "flags message (0x00)", "content \"one message\"");
        // Pointing at a field marks its bytes: tag 1a, eleven letters.
        part("content").click();
        assertThat(marked()).isEqualTo("1a0b6f6e65206d657373616765");
        part("length").click();
        assertThat(marked()).hasSize(8);
    }

    @Test
    void trailersAndJsonAreReadToo() {
        page.run("grpc-web-unary");
        choose("grpc-web", "down", "trailers");
        assertThat(decoded()).contains("flags headers or trailers (0x80)", "grpc-status 0");
        page.run("websocket-unary");
        choose("websocket", "up", "one message");
        assertThat(page.find("wire-decoded").getText()).contains("\"content\": \"one message\"");
    }

    @Test
    void pausingHoldsTheListWhileTheCallsGoOn() {
        page.run("websocket-unary");
        page.waitFor("frames", () -> !frames().isEmpty());
        page.find("wire-pause").click();
        var held = frames().size();
        page.run("websocket-bidirectional");
        assertThat(frames()).hasSize(held);
        page.find("wire-pause").click();
        page.waitFor("what came meanwhile", () -> frames().size() >= held + 22);
    }

    @Test
    void aFilterThatNothingPassesSaysSo() {
        page.find("wire-text").sendKeys("no frame has this");
        page.waitFor("the notice", () -> page.find("wire-empty").isDisplayed());
        assertThat(page.find("wire-empty").getText()).isEqualTo("No frame passes the filter.");
        assertThat(frames()).isEmpty();
    }

    @Test
    void framesAreChosenWithTheArrowKeysAndCopied() {
        page.run("websocket-unary");
        choose("websocket", "up", "one message");
        var headline = page.find("wire-headline").getText();
        page.find("wire-text").sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        page.find("wire-list").sendKeys(Keys.ARROW_UP);
        assertThat(page.find("wire-headline").getText()).isNotEqualTo(headline);
        page.find("wire-list").sendKeys(Keys.ARROW_DOWN);
        assertThat(page.find("wire-headline").getText()).isEqualTo(headline);
        page.find("wire-copy-decoded").click();
        page.waitFor(
                "the word that it is copied",
                () -> page.find("wire-copy-decoded").getText().equals("Copied"));
        page.find("left-input").sendKeys(Keys.chord(Keys.CONTROL, "v"));
        assertThat(page.find("left-input").getDomProperty("value"))
                .contains("JSON")
                .contains("one message");
    }

    private void choose(String transport, String direction, String text) {
        new Select(page.find("wire-transport")).selectByValue(transport);
        new Select(page.find("wire-direction")).selectByValue(direction);
        page.find("wire-text").clear();
        page.find("wire-text").sendKeys(text);
        page.waitFor("a frame with " + text, () -> !frames().isEmpty());
        frames().get(frames().size() - 1).click();
    }

    private List<WebElement> frames() {
        return page.findAll("wire-frame");
    }

    private List<String> decoded() {
        return page.find("wire-decoded").findElements(By.cssSelector("button.part")).stream()
                .map(part -> part.getText().replaceAll("\\s+", " "))
                .toList();
    }

    private WebElement part(String label) {
        return page.find("wire-decoded").findElements(By.cssSelector("button.part")).stream()
                .filter(part -> part.getText().startsWith(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no part " + label));
    }

    private String marked() {
        return String.join(
                "",
                page.find("wire-hex").findElements(By.cssSelector(".bytes .marked")).stream()
                        .map(WebElement::getText)
                        .toList());
    }
}

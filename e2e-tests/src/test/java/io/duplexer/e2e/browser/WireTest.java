package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** The inspector shows what crossed, byte by byte and field by field. */
@EachBrowser
class WireTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    private final DemoPage page;
    private final Inspector inspector;

    WireTest(Browser browser) {
        page = DemoPage.empty(browser)
                .resize(1440, 1200)
                .visit(server.uri(), "wire-" + System.nanoTime(), "Ann", "Bob");
        inspector = new Inspector(page);
    }

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
        inspector.choose("grpc-websocket", "up", "one message");
        assertThat(page.find("wire-about").getText())
                .startsWith("↑ to the server · SendMessage by gRPC on WebSocket · Unary")
                .endsWith("bytes");
        assertThat(inspector.decoded()).contains("marker data", "flags message (0x00)", "content \"one message\"");
        // Pointing at a field marks its bytes: tag 1a, eleven letters.
        inspector.part("content").click();
        assertThat(inspector.marked()).isEqualTo("1a0b6f6e65206d657373616765");
        inspector.part("length").click();
        assertThat(inspector.marked()).hasSize(8);
    }

    @Test
    void trailersAndJsonAreReadToo() {
        page.run("grpc-web-unary");
        inspector.choose("grpc-web", "down", "trailers");
        assertThat(inspector.decoded()).contains("flags headers or trailers (0x80)", "grpc-status 0");
        page.run("websocket-unary");
        inspector.choose("websocket", "up", "one message");
        assertThat(page.find("wire-decoded").getText()).contains("\"content\": \"one message\"");
    }

    @Test
    void pausingHoldsTheListWhileTheCallsGoOn() {
        page.run("websocket-unary");
        page.waitFor("frames", () -> !inspector.frames().isEmpty());
        page.find("wire-pause").click();
        var held = inspector.frames().size();
        page.run("websocket-bidirectional");
        assertThat(inspector.frames()).hasSize(held);
        page.find("wire-pause").click();
        page.waitFor("what came meanwhile", () -> inspector.frames().size() >= held + 22);
    }

    @Test
    void aFilterThatNothingPassesSaysSo() {
        page.find("wire-text").sendKeys("no frame has this");
        page.waitFor("the notice", () -> page.find("wire-empty").isDisplayed());
        assertThat(page.find("wire-empty").getText()).isEqualTo("No frame passes the filter.");
        assertThat(inspector.frames()).isEmpty();
    }

    @Test
    void framesAreChosenWithTheArrowKeysAndCopied() {
        page.run("websocket-unary");
        inspector.choose("websocket", "up", "one message");
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
}

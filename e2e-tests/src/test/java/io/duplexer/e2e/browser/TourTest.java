package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.Select;

/**
 * A visitor tries all six parts of the page, in the clear and by HTTPS with HTTP/2, on a desk and on a phone, by day and by
 * night. The README's picture is one of these.
 */
@EachBrowser
class TourTest {
    @RegisterExtension
    static final SharedServer plain = SharedServer.with();

    @RegisterExtension
    static final SharedServer secure = SharedServer.with("--tls-self-signed");

    private final Browser browser;

    TourTest(Browser browser) {
        this.browser = browser;
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, page,        1280, 2300, light",
        "HTTP/2,   page-dark,   1280, 2300, dark",
        "HTTP/2,   page-narrow,  375, 4400, light",
    })
    void aVisitorTriesAllSixParts(String protocol, String picture, int width, int height, String colours) {
        var server = protocol.equals("HTTP/2") ? secure : plain;
        try (var page = DemoPage.empty(browser)) {
            page.resize(width, height)
                    .prefer("prefers-color-scheme", colours)
                    .visit(server.uri(), browser.own(picture), "Ann", "Bob");
            var experiments = new Experiments(page);
            chat(page);
            makeAllCalls(page, protocol);
            assertThat(experiments.figures()).noneMatch(figure -> figure.startsWith("race"));
            experiments.race();
            experiments.breakConnection("websocket-json", "offline");
            experiments.breakConnection("grpc-web", "kill");
            experiments.breakConnection("grpc-websocket", "drop");
            inspect(page);
            assertThat(experiments.figures())
                    .contains("unary/grpc-web", "unary/websocket", "server-streaming/websocket")
                    .contains("bidirectional/grpc-web", "bidirectional/grpc-websocket", "bidirectional/websocket")
                    .contains("race-payload/grpc-web", "race-bytes/websocket-json", "race-speed/grpc-websocket")
                    .contains("open/grpc-websocket", "open/websocket")
                    .contains("break-drop", "break-offline", "break-kill", "wire-frame");
            experiments.followTheClaims();
            experiments.runTheCode();
            assertThat(page.overhang()).isZero();
            page.pictures(picture);
        }
    }

    private static void chat(DemoPage page) {
        page.left().waitForState("connected");
        page.right().waitForState("connected");
        say(page.left(), page.right(), "Hello! I am on gRPC-Web: a stream to listen, a POST to speak.");
        say(page.right(), page.left(), "And I am on a WebSocket. Same room, same order.");
        new Select(page.find("right-transport")).selectByValue("websocket-protobuf");
        page.waitFor("protobuf", () -> page.right().transport().equals("websocket-protobuf"));
        say(page.left(), page.right(), "Which number do you see on this line?");
        say(page.right(), page.left(), "Number 3, as you do; in protobuf by now.");
        assertThat(page.left().lines()).isEqualTo(page.right().lines()).hasSize(4);
        for (var side : List.of("left", "right")) {
            assertThat(page.find(side + "-presence").getText()).isEqualTo("2 here: Ann, Bob");
            assertThat(page.find(side + "-traffic").getText()).matches("\\d+ requests · .+ sent · .+ received");
        }
    }

    private static void say(DemoPage.Pane speaker, DemoPage.Pane listener, String text) {
        speaker.write(text);
        listener.waitForMessage(text);
        speaker.waitForMessage(text);
        assertThat(speaker.row(text).getDomAttribute("data-state")).isEqualTo("acknowledged");
    }

    private static void makeAllCalls(DemoPage page, String protocol) {
        assertThat(page.find("protocol").getText()).isEqualTo(protocol);
        page.runAll();
        assertThat(page.browser().findElements(By.cssSelector("td[data-outcome='ok']")))
                .hasSize(10);
        assertThat(page.browser().findElements(By.cssSelector("td[data-outcome='refused']")))
                .hasSize(2);
    }

    private static void inspect(DemoPage page) {
        page.part("wire");
        var inspector = new Inspector(page);
        say(page.right(), page.left(), "what does this look like?");
        inspector.choose("websocket", "up", "look like");
        assertThat(inspector.decoded()).contains("user_id \"Bob\"", "content \"what does this look like?\"");
        inspector.part("user_id").click();
        assertThat(inspector.marked()).isEqualTo("1203426f62");
        inspector.choose("", "", "");
        page.find("wire-pause").click();
        var held = inspector.frames().size();
        say(page.left(), page.right(), "not in the list before it goes on");
        assertThat(inspector.frames()).hasSize(held);
        page.find("wire-pause").click();
    }
}

package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedGateway;
import io.duplexer.e2e.support.SharedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of a gateway, with the chat of the server behind it. */
final class GatewayPageTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    @RegisterExtension
    static final SharedGateway gateway = SharedGateway.before(server);

    @Test
    void bothPanesChatWithEachOtherAndWithThePageOfTheServer() {
        var room = "gateway-" + System.nanoTime();
        try (var page = DemoPage.open(Browser.CHROMIUM, gateway.process().uri(), room, "Ann", "Bob");
                var direct = DemoPage.open(Browser.CHROMIUM, server.uri(), room, "Cid", "Dora")) {
            page.left().waitForState("connected").write("by gRPC-Web through the gateway");
            page.right().waitForState("connected").write("by WebSocket through the gateway");
            direct.right().waitForState("connected").write("straight to the server");
            for (var window : new DemoPage[] {page, direct}) {
                for (var pane : new DemoPage.Pane[] {window.left(), window.right()}) {
                    pane.waitForMessage("by gRPC-Web through the gateway");
                    pane.waitForMessage("by WebSocket through the gateway");
                    pane.waitForMessage("straight to the server");
                }
            }
            assertThat(page.left().lines())
                    .isEqualTo(page.right().lines())
                    .isEqualTo(direct.left().lines())
                    .hasSize(3);
            page.screenshot("gateway-page");
        }
    }
}

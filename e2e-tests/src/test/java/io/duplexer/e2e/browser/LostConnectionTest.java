package io.duplexer.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.support.SharedServer;
import io.duplexer.e2e.support.TcpProxy;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Four people write in two windows while the network fails. In the end every pane shows every message, once,
 * in one order, and each person's in the order in which they wrote them; and the clients have counted no gap and no duplicate.
 */
@EachBrowser
class LostConnectionTest {
    @RegisterExtension
    static final SharedServer shared = SharedServer.with();

    private final Browser browser;

    LostConnectionTest(Browser browser) {
        this.browser = browser;
    }

    @Test
    void connectionsThatAreCutComeBackWithEverythingThatWasMissed() {
        try (var proxy = TcpProxy.to(shared.port());
                var people = FourWriters.open(browser, proxy.uri(), "cut-" + System.nanoTime())) {
            people.write(40);
            for (var shown : List.of(30, 70, 110)) {
                people.waitForShown(shown);
                proxy.cut();
            }
            people.assertComplete();
            people.assertRecovered();
        }
    }

    @Test
    void whereWebSocketsAreBlockedTheChatGoesOnByGrpcWebAndReturnsWhenTheyAreNot() {
        try (var proxy = TcpProxy.to(shared.port());
                var people = FourWriters.open(browser, proxy.uri(), "blocked-" + System.nanoTime())) {
            people.write(40);
            people.waitForShown(20);
            proxy.refuseWebSockets(true);
            proxy.cut();
            people.waitForRight("fallback", "grpc-web");
            people.waitForAll();
            people.write(40);
            proxy.refuseWebSockets(false);
            people.waitForRight("connected", "websocket-json");
            people.waitForAll();
            people.write(10);
            people.assertComplete();
        }
    }

    @Test
    void aPageThatIsOpenedWhereWebSocketsAreBlockedIsInTheRoomAllTheSame() {
        try (var proxy = TcpProxy.to(shared.port())) {
            proxy.refuseWebSockets(true);
            try (var people = FourWriters.open(browser, proxy.uri(), "born-blocked-" + System.nanoTime())) {
                people.waitForRight("fallback", "grpc-web");
                people.write(20);
                people.assertComplete();
            }
        }
    }

    @Test
    void aPageWhoseDeviceHasNoNetworkWaitsForItAndThenHasExactlyWhatItMissed() {
        var room = "offline-" + System.nanoTime();
        try (var proxy = TcpProxy.to(shared.port());
                // A name, because a server on the very same machine is there without a network, too.
                var away = DemoPage.open(
                        browser, URI.create("http://chat.test:" + proxy.uri().getPort() + "/"), room, "Ann", "Bob");
                var here = DemoPage.open(browser, shared.uri(), room, "Cid", "Dora")) {
            var panes = List.of(away.left(), away.right());
            panes.forEach(pane -> pane.waitForState("connected"));
            setNetwork(away, false);
            proxy.cut();
            panes.forEach(pane -> pane.waitForState("offline"));
            for (var text : List.of("one", "two", "three")) {
                here.right().waitForState("connected").write(text);
                here.right().waitForMessage(text);
            }
            away.left().write("written without a network");
            assertThat(panes).extracting(DemoPage.Pane::state).containsOnly("offline");
            setNetwork(away, true);
            here.right().waitForMessage("written without a network");
            for (var pane : panes) {
                pane.waitForState("connected").waitForMessage("written without a network");
                assertThat(pane.recovered()).isEqualTo("true");
                assertThat(pane.counted("missed")).isBetween(3, 4);
                assertThat(pane.counted("gaps")).isZero();
                assertThat(pane.counted("duplicates")).isZero();
                assertThat(pane.lines()).isEqualTo(here.right().lines()).hasSize(4);
            }
        }
    }

    /** What the browser says of its network, whatever this machine has. */
    private static void setNetwork(DemoPage page, boolean online) {
        page.browser()
                .executeScript(
                        "Object.defineProperty(navigator, 'onLine', { configurable: true, value: arguments[0] });"
                                + "window.dispatchEvent(new Event(arguments[0] ? 'online' : 'offline'));",
                        online);
    }
}

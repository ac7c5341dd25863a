package io.duplexer.e2e.browser;

import io.duplexer.e2e.support.SharedServer;
import io.duplexer.e2e.support.TcpProxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Four people write in two windows while the network fails. In the end every pane shows every message, once,
 * in one order, and each person's in the order in which they wrote them; and the clients have counted no gap and no duplicate.
 */
class LostConnectionTest {
    @RegisterExtension
    static final SharedServer shared = SharedServer.with();

    @Test
    void connectionsThatAreCutComeBackWithEverythingThatWasMissed() {
        try (var proxy = TcpProxy.to(shared.port());
                var people = FourWriters.open(proxy.uri(), "cut-" + System.nanoTime())) {
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
                var people = FourWriters.open(proxy.uri(), "blocked-" + System.nanoTime())) {
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
            try (var people = FourWriters.open(proxy.uri(), "born-blocked-" + System.nanoTime())) {
                people.waitForRight("fallback", "grpc-web");
                people.write(20);
                people.assertComplete();
            }
        }
    }
}

package io.duplexer.e2e.chaos;

import io.duplexer.e2e.support.SharedServer;
import io.duplexer.e2e.support.TcpProxy;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Connections are cut, WebSockets blocked and transports switched at random. {@code -Dchaos.rounds=500 -Dchaos.seed=1} makes it
 * long, and repeats it.
 */
class ChatClientTest {
    private static final int MESSAGES_A_ROUND = 10;
    private static final int ROUNDS = Integer.getInteger("chaos.rounds", 12);
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

    /** With so little patience that messages are refused for now all the time. */
    @RegisterExtension
    static final SharedServer server = SharedServer.with("--publish-rate", "100", "--publish-burst", "5");

    @Test
    void nothingIsLostDoubledOrReorderedWhateverHappensToTheConnections() {
        var random = new Random(SEED);
        System.out.println("chaos: seed " + SEED);
        try (var proxy = TcpProxy.to(server.port());
                var people = People.enter(proxy.uri(), "chaos-" + SEED)) {
            for (var round = 1; round <= ROUNDS; round++) {
                people.write(MESSAGES_A_ROUND);
                breakSomething(random, proxy, people);
                people.waitForSeen(people.written() - random.nextInt(People.COUNT * MESSAGES_A_ROUND));
            }
            proxy.refuseWebSockets(false);
            System.out.println("chaos: " + ROUNDS + " rounds, " + people.assertComplete());
        }
    }

    private static void breakSomething(Random random, TcpProxy proxy, People people) {
        switch (random.nextInt(4)) {
            case 0, 1 -> proxy.cut();
            case 2 -> {
                proxy.refuseWebSockets(random.nextBoolean());
                proxy.cut();
                people.goBack();
            }
            default -> people.switchOne(random.nextInt(100));
        }
    }
}

package io.duplexer.e2e.chaos;

import io.duplexer.e2e.support.ServerProcess;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server is killed at random moments, and started again on its data. {@code -Dchaos.kills=20} makes it long. */
class KilledServerTest {
    private static final int MESSAGES_A_ROUND = 20;
    private static final int KILLS = Integer.getInteger("chaos.kills", 3);
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

    @Test
    void nothingThatWasAcknowledgedIsLostAndNothingIsDoubledOrReordered(@TempDir Path data) {
        var random = new Random(SEED);
        System.out.println("chaos: seed " + SEED);
        var server = start(data, 0);
        try (var people = People.enter(server.uri(), "killed")) {
            for (var kill = 1; kill <= KILLS; kill++) {
                people.write(MESSAGES_A_ROUND);
                people.waitForSeen(people.written() - random.nextInt(1, People.COUNT * MESSAGES_A_ROUND));
                server.kill();
                server = start(data, server.port());
            }
            System.out.println("chaos: " + KILLS + " kills, " + people.assertComplete());
            server.assertNoErrors();
        } finally {
            server.close();
        }
    }

    private static ServerProcess start(Path data, int port) {
        return ServerProcess.start("--history", "sqlite", "--data", data.toString(), "--port", String.valueOf(port));
    }
}

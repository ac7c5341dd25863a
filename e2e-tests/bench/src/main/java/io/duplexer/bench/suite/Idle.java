package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.load.Client;
import io.duplexer.bench.load.Load;
import io.duplexer.bench.load.Protocol;
import io.duplexer.bench.server.ArmeriaEchoServer;
import io.duplexer.bench.server.EchoServer;
import io.duplexer.bench.server.JettyEchoServer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/**
 * Resident memory of connections that do nothing, after each has echoed one message: what the second half of them adds to
 * the first, whose share of the growth of a process that happens once is not theirs. Java collects its garbage before it is measured, and its heap follows what lives in it closely, so
 * that what the handshakes left behind is neither counted nor hidden in a heap that was too large before.
 */
public final class Idle implements Suite {
    private static final List<Contender> CONTENDERS = List.of(
            Contender.java("Duplexer", EchoServer.class, "--port", "0"),
            Contender.java("Armeria's codec", ArmeriaEchoServer.class),
            Contender.java("Jetty", JettyEchoServer.class),
            Contender.node("Node ws", "echo-ws.cjs"));
    private static final List<String> TIGHT_HEAP =
            List.of("-Xms40m", "-Xmn32m", "-XX:MinHeapFreeRatio=1", "-XX:MaxHeapFreeRatio=2", "-XX:-ShrinkHeapInSteps");
    private static final int WARM_UP = 3;
    private static final List<Integer> CONNECTIONS = List.of(5_000, 10_000);

    @Override
    public String run(Settings settings) {
        StringBuilder table =
                new StringBuilder("| connections | server | resident, KiB a connection |\n|---|---|--:|\n");
        for (int connections : CONNECTIONS) {
            for (Contender contender : settings.select(CONTENDERS)) {
                try (RunningServer server = contender.withJava(TIGHT_HEAP).start(settings.serverProcessor())) {
                    double kilobytes = kilobytesAConnection(server, connections);
                    table.append(String.format(
                            Locale.ROOT, "| %,d | %s | %.1f |%n", connections, contender.name(), kilobytes));
                }
            }
        }
        return table.toString();
    }

    private static double kilobytesAConnection(RunningServer server, int connections) {
        int half = connections / 2;
        for (int i = 0; i < WARM_UP; i++) {
            with(half, server); // Classes, compiled code and pools are there before the counting begins.
        }
        long least = with(half, server);
        return (double) (with(connections, server) - least) / (connections - half);
    }

    /** The server's resident memory with so many connections open. */
    private static long with(int connections, RunningServer server) {
        ByteBuffer message = Protocol.PLAIN.message("hello");
        int[] echoed = {0};
        try (Load load = new Load()) {
            List<Client> clients =
                    load.open(connections, server.port(), Protocol.PLAIN, (client, in, offset, length) -> echoed[0]++);
            clients.forEach(client -> client.send(message));
            load.runUntil(() -> echoed[0] == connections);
            return server.residentKilobytes();
        }
    }
}

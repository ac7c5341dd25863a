package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.load.Client;
import io.duplexer.bench.load.Load;
import io.duplexer.bench.load.Protocol;
import io.duplexer.bench.report.Measurement;
import io.duplexer.bench.server.ArmeriaEchoServer;
import io.duplexer.bench.server.EchoServer;
import io.duplexer.bench.server.JettyEchoServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** 64 bytes of text there and back, one message under way on each connection. */
public final class Echo extends Turns<Integer> {
    private static final String MESSAGE = "0123456789abcdef".repeat(4);

    @Override
    List<Contender> contenders() {
        return List.of(
                Contender.java("Duplexer", EchoServer.class, "--port", "0"),
                Contender.java("Armeria's codec", ArmeriaEchoServer.class),
                Contender.java("Jetty", JettyEchoServer.class),
                Contender.node("Node ws", "echo-ws.cjs"));
    }

    @Override
    List<Integer> cases() {
        return List.of(500, 50, 1);
    }

    @Override
    String caseTitle() {
        return "connections";
    }

    @Override
    String operations() {
        return "messages";
    }

    @Override
    Measurement measure(RunningServer server, Integer connections, Duration duration) {
        ByteBuffer message = Protocol.PLAIN.message(MESSAGE);
        Meter meter = new Meter(server);
        try (Load load = new Load()) {
            List<Client> clients =
                    load.open(connections, server.port(), Protocol.PLAIN, (client, in, offset, length) -> {
                        meter.count();
                        meter.took(System.nanoTime() - client.sentAtNanos());
                        client.send(message);
                    });
            clients.forEach(client -> client.send(message));
            load.run(duration.dividedBy(4));
            meter.start();
            load.run(duration);
            return meter.stop();
        }
    }
}

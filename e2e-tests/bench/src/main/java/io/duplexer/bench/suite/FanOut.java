package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.load.Client;
import io.duplexer.bench.load.Load;
import io.duplexer.bench.load.Protocol;
import io.duplexer.bench.report.Measurement;
import io.duplexer.bench.server.RelayServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * One client publishes about 120 bytes of JSON, which the server sends to all, the publisher included. The publisher
 * keeps a number of messages under way: one is a chat at its quietest, many are a chat at its busiest.
 */
public final class FanOut extends Turns<FanOut.Case> {
    private static final Contender SOCKET_IO = Contender.node("Socket.IO", "relay-socketio.cjs");
    private static final String MESSAGE = "{\"user_id\":\"client1\",\"content\":\"" + "Hello all! ".repeat(8) + "\"}";

    record Case(int receivers, int underWay) {
        @Override
        public String toString() {
            return receivers + ", " + underWay + " under way";
        }
    }

    @Override
    List<Contender> contenders() {
        return List.of(
                Contender.java("Duplexer's engine", RelayServer.class),
                Contender.chat("Duplexer's chat", "--history", "memory"),
                Contender.node("Node ws", "relay-ws.cjs"),
                SOCKET_IO,
                Contender.node("uWebSockets", "relay-uws.cjs"));
    }

    @Override
    List<Case> cases() {
        return List.of(
                new Case(1000, 100),
                new Case(100, 100),
                new Case(10, 100),
                new Case(1000, 1),
                new Case(100, 1),
                new Case(10, 1));
    }

    @Override
    String caseTitle() {
        return "receivers";
    }

    @Override
    String operations() {
        return "deliveries";
    }

    @Override
    Measurement measure(RunningServer server, Case testCase, Duration duration) {
        Protocol protocol = server.contender().equals(SOCKET_IO) ? Protocol.SOCKET_IO : Protocol.PLAIN;
        Meter meter = new Meter(server);
        Publishing publishing = new Publishing(testCase.receivers(), meter);
        try (Load load = new Load()) {
            List<Client> clients = load.open(
                    testCase.receivers(),
                    server.port(),
                    protocol,
                    (client, in, offset, length) -> publishing.onDelivery());
            ByteBuffer message = protocol.message(MESSAGE);
            publishing.start(() -> clients.get(0).send(message), testCase.underWay());
            load.run(duration.dividedBy(4));
            meter.start();
            load.run(duration);
            Measurement measurement = meter.stop();
            // Everything that was published must come to everyone.
            publishing.stop();
            load.runUntil(publishing::isComplete);
            return measurement;
        }
    }
}

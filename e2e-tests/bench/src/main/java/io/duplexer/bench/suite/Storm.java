package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.CpuTime;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.load.Client;
import io.duplexer.bench.load.Frames;
import io.duplexer.bench.load.Load;
import io.duplexer.bench.load.Protocol;
import io.duplexer.bench.report.Measurement;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.ResumePoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A server has been started again, and all its clients come back at once: each connects, joins the room from where it was,
 * as a user of its own, and must get exactly what it missed, in order. Whoever is there already is told of each who comes.
 */
public final class Storm implements Suite {
    private static final int CLIENTS = 1_000;
    private static final int MISSED = 300;
    private static final String ROOM = "room";

    /**
     * Seconds.
     *
     * @param connecting until the last has its WebSocket
     * @param resuming from the first join until the last client has everything
     * @param cpu of the server
     */
    private record Round(double connecting, double resuming, double cpu) {}

    @Override
    public String run(Settings settings) {
        List<Round> rounds = new ArrayList<>();
        for (int round = 0; round < settings.rounds(); round++) {
            rounds.add(round(settings));
        }
        return String.format(Locale.ROOT, "| %,d clients, %d messages each | s |%n|---|--:|%n", CLIENTS, MISSED)
                + row("to connect, one after the other", rounds, Round::connecting)
                + row("from the first join until all have recovered", rounds, Round::resuming)
                + row("processor time of the server", rounds, Round::cpu);
    }

    private static String row(String title, List<Round> rounds, ToDoubleFunction<Round> figure) {
        return String.format(Locale.ROOT, "| %s | %.2f |%n", title, Measurement.median(rounds, figure));
    }

    private static Round round(Settings settings) {
        try (DataDirectory data = new DataDirectory()) {
            Contender contender = Contender.durableChat("Duplexer", data.path()).withJava(settings.javaFlags());
            try (RunningServer server = contender.start(settings.serverProcessor())) {
                fill(server);
            }
            try (RunningServer server = contender.start(settings.serverProcessor());
                    Load load = new Load()) {
                return storm(load, server);
            }
        }
    }

    private static void fill(RunningServer server) {
        int[] acknowledged = {0};
        try (Load load = new Load()) {
            Client publisher =
                    load.open(server.port(), Protocol.CHAT_PROTO, (client, in, offset, length) -> acknowledged[0]++);
            ByteBuffer line = frame(Message.newBuilder().setContent("Hello all! ".repeat(8)), "writer");
            for (int i = 0; i < 2 * MISSED; i++) {
                publisher.send(line);
            }
            load.runUntil(() -> acknowledged[0] == 2 * MISSED);
        }
    }

    private static ByteBuffer frame(Message.Builder message, String user) {
        return Frames.binary(message.setUserId(user).setRoom(ROOM).build().toByteArray());
    }

    private static Round storm(Load load, RunningServer server) {
        ResumePoint place = newest(load, server);
        ResumePoint before =
                place.toBuilder().setSequence(place.getSequence() - MISSED).build();
        List<ResumingClient> all = IntStream.range(0, CLIENTS)
                .mapToObj(i -> new ResumingClient(before, place.getSequence()))
                .toList();
        CpuTime cpu = server.cpu();
        long start = System.nanoTime();
        List<Client> sockets = all.stream()
                .map(client -> load.open(server.port(), Protocol.CHAT_PROTO, client))
                .toList();
        long connected = System.nanoTime();
        for (int i = 0; i < CLIENTS; i++) {
            Message.Builder join =
                    Message.newBuilder().setJoin(Join.newBuilder().setResume(before));
            sockets.get(i).send(frame(join, "client" + i));
        }
        load.runUntil(() -> all.stream().allMatch(ResumingClient::isComplete));
        return new Round(
                (connected - start) / 1e9,
                (System.nanoTime() - connected) / 1e9,
                server.cpu().minus(cpu).total().toMillis() / 1e3);
    }

    /** Where the room is. */
    private static ResumePoint newest(Load load, RunningServer server) {
        ResumePoint[] place = {ResumePoint.getDefaultInstance()};
        Client first = load.open(server.port(), Protocol.CHAT_PROTO, (client, in, offset, length) -> {
            Message message = ResumingClient.parse(in, offset, length);
            if (message.hasRecovered()) {
                place[0] = ResumePoint.newBuilder()
                        .setEpoch(message.getRecovered().getEpoch())
                        .setSequence(message.getRecovered().getSequence())
                        .build();
            }
        });
        first.send(frame(Message.newBuilder().setJoin(Join.getDefaultInstance()), "first"));
        load.runUntil(() -> !place[0].getEpoch().isEmpty());
        return place[0];
    }
}

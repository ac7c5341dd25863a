package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.contender.RunningServers;
import io.duplexer.bench.load.ChatTransport;
import io.duplexer.bench.load.GrpcCalls;
import io.duplexer.bench.load.GrpcLoad;
import io.duplexer.bench.load.Http2Calls;
import io.duplexer.bench.report.Measurement;
import io.duplexer.chat.v1.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Messages that are on the disk and acknowledged: each publisher, on a connection of its own or as a stream of one that
 * all share, sends the next when the last one is acknowledged. Each round, the disk alone has its turn before, in the same
 * directory.
 */
public final class Publish implements Suite {
    private static final String WEB_SOCKET = "WebSocket, protobuf";
    private static final String GRPC = "gRPC, unary";
    private static final String GRPC_STREAMS = "gRPC, streams of one connection";
    private static final List<Integer> PUBLISHERS = List.of(1, 10, 100);
    private static final Message MESSAGE = Message.newBuilder()
            .setUserId("client1")
            .setRoom("room")
            .setContent("Hello all! ".repeat(8))
            .build();

    @Override
    public String run(Settings settings) {
        StringBuilder table = new StringBuilder("""
                | publishers | by | acknowledged/s | fdatasync/s | ratio | server CPU, us | kernel's, us | p50, ms | p99, ms |
                |--:|---|--:|--:|--:|--:|--:|--:|--:|
                """);
        try (DataDirectory data = new DataDirectory();
                RunningServers servers =
                        new RunningServers(settings.select(contenders(data.path())), settings.serverProcessor())) {
            for (RunningServer server : servers) {
                measure(server, 100, settings.warmUp());
            }
            for (int publishers : settings.selectCases(PUBLISHERS)) {
                for (RunningServer server : servers) {
                    List<Measurement> disk = new ArrayList<>();
                    List<Measurement> chat = new ArrayList<>();
                    for (int round = 0; round < settings.rounds(); round++) {
                        disk.add(Disk.measure(data.path(), settings.duration()));
                        chat.add(measure(server, publishers, settings.duration()));
                    }
                    table.append(row(
                            publishers, server.contender().name(), Measurement.median(disk), Measurement.median(chat)));
                }
            }
        }
        return table.toString();
    }

    private static List<Contender> contenders(Path data) {
        return List.of(
                Contender.durableChat(WEB_SOCKET, data.resolve("websocket")),
                Contender.durableChat(GRPC, data.resolve("grpc")),
                Contender.durableChat(GRPC_STREAMS, data.resolve("streams")));
    }

    private static String row(int publishers, String transport, Measurement disk, Measurement chat) {
        return String.format(
                Locale.ROOT,
                "| %d | %s | %,.0f | %,.0f | %.1f | %.1f | %.1f | %.2f | %.2f |%n",
                publishers,
                transport,
                chat.perSecond(),
                disk.perSecond(),
                chat.perSecond() / disk.perSecond(),
                chat.cpuMicros(),
                chat.kernelMicros(),
                chat.p50Millis(),
                chat.p99Millis());
    }

    private static Measurement measure(RunningServer server, int publishers, Duration duration) {
        return switch (server.contender().name()) {
            case WEB_SOCKET ->
                Grpc.measure(server, publishers, 1, true, duration, load -> ChatTransport.PROTO.sending(load, MESSAGE));
            case GRPC -> Grpc.measure(server, publishers, 1, false, duration, Publish::calls);
            case GRPC_STREAMS ->
                Grpc.measure(server, 1, publishers, true, duration, load -> ChatTransport.GRPC.sending(load, MESSAGE));
            default ->
                throw new IllegalArgumentException(
                        "contender: " + server.contender().name());
        };
    }

    private static GrpcCalls calls(GrpcLoad load) {
        return Http2Calls.grpc(
                load,
                "/duplexer.chat.v1.ChatService/SendMessage",
                "application/grpc+proto",
                ChatTransport.framed(MESSAGE));
    }
}

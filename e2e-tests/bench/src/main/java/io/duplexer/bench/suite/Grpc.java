package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.load.GrpcCalls;
import io.duplexer.bench.load.GrpcLoad;
import io.duplexer.bench.load.Http2Calls;
import io.duplexer.bench.load.WebSocketCalls;
import io.duplexer.bench.report.Measurement;
import io.duplexer.bench.server.GrpcEchoServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The same echo on native gRPC, gRPC-Web and gRPC over WebSocket: calls, or messages on open streams, under way. */
public final class Grpc extends Turns<Grpc.Case> {
    private static final String NATIVE = "native";
    private static final String NATIVE_EACH = "native, a connection each";
    private static final String WEB = "gRPC-Web";
    private static final String WEB_SOCKET = "WebSocket";
    private static final String WEB_SOCKET_IN_HTTP2 = "WebSocket in HTTP/2";

    private final boolean streaming;

    /**
     * What is measured.
     *
     * @param underWay at the same time, each on a stream or a socket of its own
     * @param bytes of a message
     */
    record Case(int underWay, int bytes) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%d, %,d B", underWay, bytes);
        }
    }

    /** @param streaming messages there and back on open calls; unary calls otherwise */
    public Grpc(boolean streaming) {
        this.streaming = streaming;
    }

    /** gRPC-Web streams both ways here, on HTTP/2: it is browsers that cannot read an answer while they still send. */
    @Override
    List<Contender> contenders() {
        Contender ours = Contender.java("Duplexer, " + NATIVE, GrpcEchoServer.class);
        Contender web = Contender.java("Duplexer, " + WEB, GrpcEchoServer.class);
        Contender socket = Contender.java("Duplexer, " + WEB_SOCKET, GrpcEchoServer.class);
        Contender peer = Contender.node("grpc-js, " + NATIVE, "grpc-js.cjs");
        Contender webPeer = Contender.node("connect-node, " + WEB, "connect-node.mjs");
        return streaming
                ? List.of(
                        ours,
                        web,
                        Contender.java("Duplexer, " + WEB_SOCKET_IN_HTTP2, GrpcEchoServer.class),
                        Contender.java("Duplexer, " + NATIVE_EACH, GrpcEchoServer.class),
                        socket,
                        peer,
                        webPeer)
                : List.of(
                        ours,
                        web,
                        socket,
                        Contender.java("Armeria alone, " + NATIVE, GrpcEchoServer.class, GrpcEchoServer.BARE),
                        peer,
                        webPeer);
    }

    @Override
    List<Case> cases() {
        return List.of(new Case(64, 64), new Case(1, 64), new Case(64, 16_384), new Case(1, 16_384));
    }

    @Override
    String caseTitle() {
        return "under way, size";
    }

    @Override
    String operations() {
        return streaming ? "messages" : "calls";
    }

    @Override
    boolean takesPart(Contender contender, Case testCase) {
        return testCase.underWay() > 1 || !transport(contender).equals(NATIVE_EACH);
    }

    @Override
    Measurement measure(RunningServer server, Case testCase, Duration duration) {
        byte[] message = message(testCase.bytes());
        String transport = transport(server.contender());
        int clients = transport.equals(NATIVE_EACH) ? testCase.underWay() : 1;
        return measure(
                server,
                clients,
                testCase.underWay() / clients,
                streaming,
                duration,
                load -> calls(load, transport, message));
    }

    /** What a contender's name has behind that of the server. */
    private static String transport(Contender contender) {
        return contender.name().substring(contender.name().indexOf(", ") + 2);
    }

    /**
     * One turn.
     *
     * @param clients how many make calls, each by a transport of its own
     * @param underWay calls of one client, or messages on its open calls, at the same time
     * @param transport makes the calls
     */
    static Measurement measure(
            RunningServer server,
            int clients,
            int underWay,
            boolean streaming,
            Duration duration,
            Function<GrpcLoad, GrpcCalls> transport) {
        Meter meter = new Meter(server);
        try (GrpcLoad load = new GrpcLoad(server.port())) {
            for (int client = 0; client < clients; client++) {
                GrpcCalls calls = transport.apply(load);
                for (int i = 0; i < underWay; i++) {
                    new Turn(calls, meter, streaming).begin();
                }
                calls.begin();
            }
            load.run(duration.dividedBy(4));
            meter.start();
            load.run(duration);
            return meter.stop();
        }
    }

    private GrpcCalls calls(GrpcLoad load, String transport, byte[] message) {
        String path = streaming ? "/bench.Echo/Chat" : "/bench.Echo/Unary";
        return switch (transport) {
            case NATIVE, NATIVE_EACH -> Http2Calls.grpc(load, path, "application/grpc+proto", message);
            case WEB -> Http2Calls.grpc(load, path, "application/grpc-web+proto", message);
            case WEB_SOCKET_IN_HTTP2 -> Http2Calls.webSocket(load, path, message);
            case WEB_SOCKET -> new WebSocketCalls(load, path, message);
            default -> throw new IllegalArgumentException("transport: " + transport);
        };
    }

    /** A frame with a {@code google.protobuf.BytesValue} of the size. */
    static byte[] message(int bytes) {
        int varint = bytes < 128 ? 1 : bytes < 16_384 ? 2 : 3;
        ByteBuffer frame = ByteBuffer.allocate(5 + 1 + varint + bytes)
                .put((byte) 0)
                .putInt(1 + varint + bytes)
                .put((byte) 0x0a);
        int rest = bytes;
        for (int i = 1; i < varint; i++) {
            frame.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        return frame.put((byte) rest).array();
    }
}

package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.load.GrpcCalls;
import io.duplexer.bench.load.GrpcLoad;
import io.duplexer.bench.load.Http2Calls;
import io.duplexer.bench.load.WebSocketCalls;
import io.duplexer.bench.report.Measurement;
import io.duplexer.bench.server.GrpcEchoServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a gateway costs: 64 bytes to an echoing gRPC server, straight and through. The server behind the gateways shares the
 * load's processor, so that each gateway has the other one to itself, as the server has when it is called straight. Envoy
 * takes part if the environment's {@code ENVOY} is the path of its binary; it has no gRPC over WebSocket.
 */
public final class Through implements Suite {
    private static final String ENVOY = "Envoy";
    private static final byte[] MESSAGE = Grpc.message(64);
    private static final Contender ECHO = Contender.java("no gateway", GrpcEchoServer.class);

    private enum Transport {
        GRPC("gRPC"),
        GRPC_WEB("gRPC-Web"),
        WEB_SOCKET("WebSocket");

        private final String title;

        Transport(String title) {
            this.title = title;
        }

        GrpcCalls calls(GrpcLoad load, String path) {
            return switch (this) {
                case GRPC -> Http2Calls.grpc(load, path, "application/grpc+proto", MESSAGE);
                case GRPC_WEB -> Http2Calls.grpc(load, path, "application/grpc-web+proto", MESSAGE);
                case WEB_SOCKET -> new WebSocketCalls(load, path, MESSAGE);
            };
        }
    }

    /**
     * What is called.
     *
     * @param streaming messages there and back on open calls; unary calls otherwise
     */
    private record Case(Transport transport, boolean streaming, int underWay) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s, %d %s", transport.title, underWay, streaming ? "streams" : "unary");
        }
    }

    private static final List<Case> CASES = List.of(
            new Case(Transport.GRPC, false, 64),
            new Case(Transport.GRPC, false, 1),
            new Case(Transport.GRPC, true, 64),
            new Case(Transport.GRPC, true, 1),
            new Case(Transport.GRPC_WEB, false, 64),
            new Case(Transport.GRPC_WEB, false, 1),
            new Case(Transport.WEB_SOCKET, true, 64),
            new Case(Transport.WEB_SOCKET, true, 1));

    @Override
    public String run(Settings settings) {
        int loadProcessor = Integer.parseInt(System.getenv().getOrDefault("LOAD_CPU", "1"));
        try (RunningServer upstream = ECHO.start(loadProcessor)) {
            return new Measured(upstream.port()).run(settings);
        }
    }

    private static final class Measured extends Turns<Case> {
        private final int upstreamPort;

        Measured(int upstreamPort) {
            this.upstreamPort = upstreamPort;
        }

        @Override
        List<Contender> contenders() {
            List<Contender> contenders = new ArrayList<>(List.of(ECHO));
            if (System.getenv("ENVOY") != null) {
                contenders.add(Contender.script(ENVOY, "envoy.sh", String.valueOf(upstreamPort)));
            }
            contenders.add(Contender.jar("Duplexer", "gateway", "--upstream", "127.0.0.1:" + upstreamPort));
            return contenders;
        }

        @Override
        List<Case> cases() {
            return CASES;
        }

        @Override
        String caseTitle() {
            return "calls";
        }

        @Override
        String operations() {
            return "calls or messages";
        }

        @Override
        boolean takesPart(Contender contender, Case testCase) {
            return testCase.transport() != Transport.WEB_SOCKET
                    || !contender.name().equals(ENVOY);
        }

        @Override
        Measurement measure(RunningServer server, Case testCase, Duration duration) {
            String path = testCase.streaming() ? "/bench.Echo/Chat" : "/bench.Echo/Unary";
            return Grpc.measure(
                    server,
                    1,
                    testCase.underWay(),
                    testCase.streaming(),
                    duration,
                    load -> testCase.transport().calls(load, path));
        }
    }
}

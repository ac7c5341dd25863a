package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.load.ChatTransport;
import io.duplexer.bench.load.GrpcCalls;
import io.duplexer.bench.load.GrpcLoad;
import io.duplexer.bench.report.Measurement;
import io.duplexer.chat.v1.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The chat with its durable history: one WebSocket publishes 88 bytes of text into a room of 100, who receive it on one
 * transport. Either with a number of messages under way, which shows what a processor can do; or at half the rate that is
 * aimed at, whatever comes back, which shows how long a delivery takes.
 */
public final class ChatFanOut implements Suite {
    private static final int RECEIVERS = 100;
    private static final int UNDER_WAY = 100;
    private static final String ROOM = "room";

    @Override
    public String run(Settings settings) {
        try (DataDirectory data = new DataDirectory()) {
            return new Measured(data.path()).run(settings);
        }
    }

    private static int aim(ChatTransport transport) {
        return transport == ChatTransport.JSON || transport == ChatTransport.PROTO ? 600_000 : 250_000;
    }

    private enum Case {
        BUSY,
        PACED;

        @Override
        public String toString() {
            return switch (this) {
                case BUSY -> String.format(Locale.ROOT, "%d under way", UNDER_WAY);
                case PACED -> "half the aim";
            };
        }
    }

    private static final class Measured extends Turns<Case> {
        private final Path data;

        Measured(Path data) {
            this.data = data;
        }

        @Override
        List<Contender> contenders() {
            return Arrays.stream(ChatTransport.values())
                    .map(transport -> Contender.durableChat(
                            transport.title(), data.resolve(transport.name().toLowerCase(Locale.ROOT))))
                    .toList();
        }

        @Override
        List<Case> cases() {
            return List.of(Case.values());
        }

        @Override
        String caseTitle() {
            return "load";
        }

        @Override
        String operations() {
            return "deliveries";
        }

        @Override
        Measurement measure(RunningServer server, Case testCase, Duration duration) {
            ChatTransport transport = ChatTransport.of(server.contender().name());
            return switch (testCase) {
                case BUSY -> busy(server, transport, duration);
                case PACED -> paced(server, transport, duration);
            };
        }

        private static Measurement busy(RunningServer server, ChatTransport transport, Duration duration) {
            Meter meter = new Meter(server);
            Publishing publishing = new Publishing(RECEIVERS, meter);
            try (GrpcLoad load = new GrpcLoad(server.port())) {
                new Receivers(load, transport, ROOM, RECEIVERS, receiver -> publishing.onDelivery()).await();
                publishing.start(publisher(load)::send, UNDER_WAY);
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

        private static Measurement paced(RunningServer server, ChatTransport transport, Duration duration) {
            Meter meter = new Meter(server);
            Pacing pacing = new Pacing(RECEIVERS, aim(transport) / 2.0 / RECEIVERS, meter);
            try (GrpcLoad load = new GrpcLoad(server.port())) {
                new Receivers(load, transport, ROOM, RECEIVERS, pacing::onDelivery).await();
                pacing.start(publisher(load)::send);
                load.run(duration.dividedBy(4), pacing::act);
                meter.start();
                load.run(duration, pacing::act);
                Measurement measurement = meter.stop();
                load.runUntil(pacing::isComplete);
                return measurement;
            }
        }

        /** It is not in the room: it gets acknowledgements only. */
        private static GrpcCalls.Call publisher(GrpcLoad load) {
            Message message = Message.newBuilder()
                    .setUserId("client2")
                    .setRoom(ROOM)
                    .setContent("Hello all! ".repeat(8))
                    .build();
            return ChatTransport.JSON.sending(load, message).start(new GrpcCalls.Listener() {
                @Override
                public void onMessage() {}

                @Override
                public void onEnd() {
                    throw new IllegalStateException("the server has ended the publisher");
                }
            });
        }
    }
}

package io.duplexer.bench.suite;

import io.duplexer.bench.contender.Contender;
import io.duplexer.bench.contender.RunningServer;
import io.duplexer.bench.load.ChatTransport;
import io.duplexer.bench.load.GrpcCalls;
import io.duplexer.bench.load.GrpcLoad;
import io.duplexer.chat.v1.Message;
import java.util.List;
import java.util.Locale;

/**
 * What a message takes on the connection of one who receives it, without TCP, IP and TLS: the message itself, what frames
 * it, and what the connection and the subscription took once, before the first message. Messages are sent one at a time,
 * so that none shares a frame with another.
 */
public final class Bytes implements Suite {
    private static final int MESSAGES = 1_000;
    private static final List<Integer> CONTENT_BYTES = List.of(10, 100, 1_000);

    /**
     * Bytes on one connection.
     *
     * @param openingIn from the server until the join is answered, the answer itself not counted
     * @param openingOut to the server until then
     * @param message one message
     * @param framing of one message
     */
    private record Cost(long openingIn, long openingOut, double message, double framing) {}

    @Override
    public String run(Settings settings) {
        StringBuilder table = new StringBuilder("""
                | text | transport | message | framing | both, ratio | opening, received | opening, sent |
                |--:|---|--:|--:|--:|--:|--:|
                """);
        try (DataDirectory data = new DataDirectory();
                RunningServer server = Contender.durableChat("Duplexer", data.path())
                        .withJava(settings.javaFlags())
                        .start(settings.serverProcessor())) {
            for (int bytes : CONTENT_BYTES) {
                double first = 0;
                for (ChatTransport transport : ChatTransport.values()) {
                    Cost cost = measure(server, transport, bytes);
                    double each = cost.message() + cost.framing();
                    first = first == 0 ? each : first;
                    table.append(String.format(
                            Locale.ROOT,
                            "| %,d B | %s | %.1f | %.1f | %.2f | %d | %d |%n",
                            bytes,
                            transport.title(),
                            cost.message(),
                            cost.framing(),
                            each / first,
                            cost.openingIn(),
                            cost.openingOut()));
                }
            }
        }
        return table.toString();
    }

    private static Cost measure(RunningServer server, ChatTransport transport, int contentBytes) {
        String room = "room" + contentBytes;
        int[] received = {0};
        try (GrpcLoad load = new GrpcLoad(server.port());
                GrpcLoad publishing = new GrpcLoad(server.port())) {
            new Receivers(load, transport, room, 1, receiver -> received[0]++).await();
            long openingIn = load.bytesIn() - load.messageBytesIn();
            long openingOut = load.bytesOut();
            Message message = Message.newBuilder()
                    .setUserId("client2")
                    .setRoom(room)
                    .setContent("0123456789".repeat(contentBytes / 10))
                    .build();
            int[] acknowledged = {0};
            GrpcCalls.Call publisher = ChatTransport.PROTO
                    .sending(publishing, message)
                    .start(new GrpcCalls.Listener() {
                        @Override
                        public void onMessage() {
                            acknowledged[0]++;
                        }

                        @Override
                        public void onEnd() {}
                    });
            long allIn = load.bytesIn();
            long messagesIn = load.messageBytesIn();
            for (int i = 1; i <= MESSAGES; i++) {
                int sent = i;
                publisher.send();
                publishing.runUntil(() -> acknowledged[0] == sent);
                load.runUntil(() -> received[0] == sent);
            }
            double perMessage = (double) (load.messageBytesIn() - messagesIn) / MESSAGES;
            double all = (double) (load.bytesIn() - allIn) / MESSAGES;
            return new Cost(openingIn, openingOut, perMessage, all - perMessage);
        }
    }
}

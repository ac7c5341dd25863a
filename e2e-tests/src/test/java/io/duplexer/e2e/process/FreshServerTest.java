package io.duplexer.e2e.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.DuplexClient;
import io.duplexer.e2e.client.GrpcChatLink;
import io.duplexer.e2e.client.GrpcWebClient;
import io.duplexer.e2e.support.Patience;
import io.duplexer.e2e.support.ServerProcess;
import org.junit.jupiter.api.Test;

/** The first calls of a server: its code is not compiled yet and needs more of the stack than it ever will again. */
class FreshServerTest {
    private static final int HISTORY = 1_000;

    @Test
    void theFirstChatIsSentAThousandMessagesOfHistory() {
        try (var server = ServerProcess.start("--history", "memory", "--publish-rate", "0");
                var writer = new GrpcWebClient(server.uri(), "application/grpc-web+proto");
                var reader = new DuplexClient(GrpcChatLink.to(server.port()))) {
            for (int i = 0; i < HISTORY; i++) {
                Patience.await(writer.publish(Message.newBuilder()
                        .setUserId("ann")
                        .setRoom("r")
                        .setContent("line " + i)
                        .build()));
            }

            var feed = reader.join(
                    "bob", "r", Join.newBuilder().setHistory(HISTORY).build());

            assertThat(feed.recovered().getMissed()).isEqualTo(HISTORY);
            assertThat(feed.lines(HISTORY).get(HISTORY - 1).getContent()).isEqualTo("line " + (HISTORY - 1));
            server.assertNoErrors();
        }
    }
}

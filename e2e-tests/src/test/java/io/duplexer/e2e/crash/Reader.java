package io.duplexer.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.ResumePoint;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.Feed;
import io.duplexer.e2e.client.Transport;
import io.duplexer.e2e.support.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that resumes after each crash where it was, and checks that nothing is missing in between. */
final class Reader {
    private final String room;
    private final Transport transport;
    final List<Message> seen = new ArrayList<>();
    private String epoch = "";
    private long last;
    private @Nullable ChatClient client;
    private @Nullable Feed feed;

    Reader(String room, Transport transport) {
        this.room = room;
        this.transport = transport;
    }

    /** Joins, from the last message it has seen; the server must be able to go on there. Returns the room's head. */
    long join(ServerProcess server) {
        var resume = ResumePoint.newBuilder().setEpoch(epoch).setSequence(last);
        var newClient = transport.connect(server);
        var newFeed = newClient.join(
                "reader by " + transport,
                room,
                Join.newBuilder().setResume(resume).build());
        client = newClient;
        feed = newFeed;
        var recovered = newFeed.recovered();
        if (!epoch.isEmpty()) {
            assertThat(recovered.getRecovered())
                    .as("%s resumes from %s", transport, last)
                    .isTrue();
            assertThat(recovered.getEpoch()).isEqualTo(epoch);
        }
        epoch = recovered.getEpoch();
        return recovered.getSequence();
    }

    /** Takes what came until the server died. */
    void takeRest() {
        var open = feed;
        if (open == null) {
            throw new IllegalStateException("not joined");
        }
        open.awaitEnd();
        take(open.allLines());
    }

    /** Reads up to the room's end. */
    void readTo(long head) {
        var open = feed;
        if (open == null) {
            throw new IllegalStateException("not joined");
        }
        var lines = new ArrayList<Message>();
        for (var sequence = last;
                sequence < head;
                sequence = lines.get(lines.size() - 1).getSequence()) {
            lines.add(open.line());
        }
        take(lines);
        close();
    }

    private void take(List<Message> lines) {
        for (var line : lines) {
            assertThat(line.getPreviousSequence())
                    .as("after %s, by %s", last, transport)
                    .isEqualTo(last);
            last = line.getSequence();
            seen.add(line);
        }
    }

    void close() {
        if (client != null) {
            client.close();
        }
    }
}

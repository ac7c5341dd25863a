package io.duplexer.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Message.EventCase;
import io.duplexer.e2e.support.Patience;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entering a room: history, resuming, who is there. */
abstract class JoiningContract extends RulesContract {
    @Test
    void aJoinIsAnsweredWithWhereTheRoomStands() {
        var client = connect();
        var head = publish(client, line("ann", "before")).getSequence();

        var recovered = client.join("ann", room, noHistory()).recovered();

        assertThat(recovered.getRecovered()).isFalse();
        assertThat(recovered.getMissed()).isZero();
        assertThat(recovered.getEpoch()).isNotEmpty();
        assertThat(recovered.getSequence()).isEqualTo(head);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "3, 3", "4, 3", "1000, 3"})
    void aJoinGetsAsMuchHistoryAsItAsksForAndThereIs(int asked, int given) {
        var client = connect();
        publishInOrder(client, "ann", 3);

        var feed = client.join("bob", room, history(asked));
        var missed = feed.recovered().getMissed();
        publish(client, line("ann", "live"));

        assertThat(missed).isEqualTo(given);
        var lines = feed.lines(given + 1);
        assertChain(lines);
        assertThat(lines.get(given).getContent()).isEqualTo("live");
    }

    @Test
    void aJoinGetsNoMoreThanAThousandMessages() {
        var client = connect();
        publishMany(client, "ann", 1_001);

        for (int asked : new int[] {1_000, 1_001}) {
            var feed = connect().join("bob", room, history(asked));
            var recovered = feed.recovered();

            assertThat(recovered.getMissed()).isEqualTo(1_000);
            var lines = feed.lines(1_000);
            assertChain(lines);
            assertThat(lines.get(999).getSequence()).isEqualTo(recovered.getSequence());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "2, 3", "5, 0"})
    void aResumeGetsExactlyWhatItMissed(int seen, int missed) {
        var client = connect();
        var epoch = client.join("bob", room, noHistory()).recovered().getEpoch();
        var sequences = publishInOrder(client, "ann", 5);
        var from = seen == 0 ? 0 : sequences.get(seen - 1).getSequence();

        var feed = connect().join("cid", room, resume(epoch, from));
        var recovered = feed.recovered();
        publish(client, line("ann", "live"));

        assertThat(recovered.getRecovered()).isTrue();
        assertThat(recovered.getMissed()).isEqualTo(missed);
        var lines = feed.lines(missed + 1);
        assertThat(lines.get(0).getPreviousSequence()).isEqualTo(from);
        assertChain(lines);
        assertThat(lines.get(missed).getContent()).isEqualTo("live");
    }

    @Test
    void aResumeFromTheBeginningGetsThousandsOfMessages() {
        var epoch = connect().join("bob", room, noHistory()).recovered().getEpoch();
        upload(5_000);

        var feed = connect().join("cid", room, resume(epoch, 0));

        assertThat(feed.recovered().getMissed()).isEqualTo(5_000);
        var lines = feed.lines(5_000);
        assertThat(lines.get(0).getPreviousSequence()).isZero();
        assertChain(lines);
    }

    @Test
    void aResumeWhileOthersWriteHasNoGapAndNothingTwice() {
        var writer = connect();
        var epoch = writer.join("bob", room, noHistory()).recovered().getEpoch();
        publishMany(writer, "ann", 200);
        var done = new AtomicBoolean();
        var writing = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                publishMany(writer, "ann", 20);
            }
        });

        try {
            var feed = connect().join("cid", room, resume(epoch, 0));
            assertThat(feed.recovered().getRecovered()).isTrue();
            var lines = feed.lines(500);
            assertThat(lines.get(0).getPreviousSequence()).isZero();
            assertChain(lines);
        } finally {
            done.set(true);
            Patience.await(writing);
        }
    }

    @Test
    void aResumeUnderAnotherEpochIsNotRecovered() {
        var client = connect();
        publishInOrder(client, "ann", 3);

        var feed = client.join(
                "bob", room, resume("another", 1).toBuilder().setHistory(2).build());
        var recovered = feed.recovered();

        assertThat(recovered.getRecovered()).isFalse();
        assertThat(recovered.getMissed()).isEqualTo(2);
        assertThat(feed.lines(2)).extracting(Message::getContent).containsExactly("ann 1", "ann 2");
    }

    @Test
    void aResumeFromASequenceThatDoesNotExistYetIsNotRecovered() {
        var client = connect();
        var epoch = client.join("bob", room, noHistory()).recovered().getEpoch();
        var head = publish(client, line("ann", "one")).getSequence();

        var recovered = connect().join("cid", room, resume(epoch, head + 1)).recovered();

        assertThat(recovered.getRecovered()).isFalse();
        assertThat(recovered.getMissed()).isZero();
        assertThat(recovered.getSequence()).isEqualTo(head);
    }

    @Test
    void joinedAndLeftAreToldOnceForAUserWithManyConnections() {
        var witness = joined(connect(), "witness");
        var first = connect();
        var second = connect();

        joined(first, "ann");
        witness.event(EventCase.JOINED, "ann");
        joined(second, "ann");
        first.close();
        joined(connect(), "zoe");
        witness.event(EventCase.JOINED, "zoe");
        second.close();
        witness.event(EventCase.LEFT, "ann");

        assertThat(witness.all().stream().filter(event -> event.getUserId().equals("ann")))
                .extracting(Message::getEventCase)
                .containsExactly(EventCase.JOINED, EventCase.LEFT);
    }

    @Test
    void aJoinIsAnsweredWithWhoIsThereSortedAndEachOnce() {
        joined(connect(), "bob");
        joined(connect(), "ann");
        joined(connect(), "ann");

        var recovered = connect().join("cid", room, noHistory()).recovered();

        assertThat(recovered.getMembersList()).containsExactly("ann", "bob", "cid");
        assertThat(recovered.getMemberCount()).isEqualTo(3);
    }

    @Test
    void whoeverLeavesARoomGetsNothingMoreOfIt() {
        var client = connect();
        var witness = joined(connect(), "witness");
        var feed = joined(client, "ann");

        feed.leave();
        witness.event(EventCase.LEFT, "ann");
        publish(connect(), line("bob", "after"));
        witness.line();
        joined(connect(), "ann");

        assertThat(feed.allLines()).isEmpty();
        assertThat(witness.event(EventCase.JOINED, "ann").getRoom()).isEqualTo(room);
    }
}

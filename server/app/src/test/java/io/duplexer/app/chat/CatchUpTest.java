package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.line;
import static io.duplexer.app.chat.Words.newest;
import static io.duplexer.app.chat.Words.resume;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retentions;
import io.duplexer.chat.v1.Message;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From the history to the live room at the pace of the client. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CatchUpTest {
    private final TestChat test = new TestChat();

    private static void assertLines(TestChat.Client client, long first, long last) {
        assertThat(client.outlet().lines())
                .extracting(Message::getSequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(first, last).boxed().toList());
    }

    @Test
    void historyWaitsForTheClientAndGoesOnWhereItStopped() {
        test.publish("room", 500);
        var ann = test.connect();
        ann.outlet().writable(101);
        var joined = ann.session().receive(Words.join("ann", "room", resume(test.history.epoch(), 0)));
        assertLines(ann, 1, 100);
        assertThat(joined).isNotDone();

        ann.outlet().writable(200);
        ann.session().onWritable();
        assertLines(ann, 1, 300);

        ann.outlet().writable(200);
        ann.session().onWritable();
        assertLines(ann, 1, 500);
        assertThat(joined).as("what is left is to find that nothing is left").isCompleted();
    }

    @Test
    void whatIsPublishedMeanwhileComesAfterTheHistoryAndOnce() {
        test.publish("room", 200);
        var ann = test.connect();
        ann.outlet().writable(51);
        var joined = ann.session().receive(Words.join("ann", "room", resume(test.history.epoch(), 0)));
        test.publish("room", 100);
        assertThat(ann.outlet().lines()).hasSize(50);

        ann.outlet().writable(10_000);
        ann.session().onWritable();
        test.publish("room", 1);

        assertLines(ann, 1, 301);
        assertThat(joined).isCompleted();
    }

    @Test
    void eventsOfTheRoomDoNotWaitForTheHistory() {
        test.publish("room", 5);
        var ann = test.connect();
        ann.outlet().writable(1);
        var joined = ann.session().receive(Words.join("ann", "room", newest(5)));
        test.connect().join("bob", "room");

        assertThat(ann.outlet().words()).containsExactly("recovered false missed 5 head 5 [ann]", "joined bob");
        assertThat(joined).isNotDone();
    }

    @Test
    void beingWritableWithNothingToDoDoesNothing() {
        var ann = test.connect().join("ann", "room");
        ann.session().onWritable();
        ann.session().onWritable();

        assertThat(ann.outlet().words()).hasSize(1);
    }

    @Test
    void leavingMidwayEndsTheHistoryAndTheJoin() {
        test.publish("room", 10);
        var ann = test.connect();
        ann.outlet().writable(4);
        var joined = ann.session().receive(Words.join("ann", "room", newest(10)));
        ann.send(Words.leave("room"));

        assertThat(joined).isCompleted();
        assertThat(ann.session().settled()).isCompleted();
        ann.outlet().writable(100);
        ann.session().onWritable();
        assertThat(ann.outlet().words()).endsWith("#3", "left ann");
    }

    @Test
    void joiningAgainMidwayStartsAgainAndEndsTheFirstJoin() {
        test.publish("room", 10);
        var ann = test.connect();
        ann.outlet().writable(4);
        var first = ann.session().receive(Words.join("ann", "room", newest(10)));
        ann.outlet().writable(100);
        ann.outlet().clear();
        ann.join("ann", "room", newest(2));

        assertThat(first).isCompleted();
        ann.session().onWritable();
        assertThat(ann.outlet().words()).containsExactly("recovered false missed 2 head 10 [ann]", "#9", "#10");
    }

    @Test
    void closingMidwayEndsTheJoin() {
        test.publish("room", 10);
        var ann = test.connect();
        ann.outlet().writable(4);
        var joined = ann.session().receive(Words.join("ann", "room", newest(10)));
        ann.session().close();

        assertThat(joined).isCompleted();
        assertThat(test.chat.roomCount()).isZero();
    }

    @Test
    void whatRetentionTakesBeforeItIsReadIsAGapAndNotASilentOne() {
        var bounded = new TestChat(new MemoryHistory(Retentions.of(10, 200), Long.MAX_VALUE));
        bounded.publish("room", 200);
        var ann = bounded.connect();
        ann.outlet().writable(11);
        var joined = ann.session().receive(Words.join("ann", "room", resume(bounded.history.epoch(), 0)));
        bounded.publish("room", 129);
        ann.outlet().writable(10_000);
        ann.session().onWritable();

        // The page in hand has 1 to 128; the history has 130 and on.
        assertLines(ann, 1, 128);
        assertThat(ann.outlet().problem()).isEqualTo(Problem.SLOW_SUBSCRIBER);
        assertThat(joined).isCompleted();
        bounded.publish("room", 1);
        assertLines(ann, 1, 128);
    }

    @Test
    void aRoomWhoseHistoryIsDroppedAltogetherIsAGapToo() {
        var bounded = new TestChat(new MemoryHistory(Retentions.of(10, 1_000), 10_000));
        bounded.publish("room", 150);
        var ann = bounded.connect();
        ann.outlet().writable(11);
        var joined = ann.session().receive(Words.join("ann", "room", resume(bounded.history.epoch(), 0)));
        bounded.publish("another", 1_000);
        ann.outlet().writable(10_000);
        ann.session().onWritable();

        assertLines(ann, 1, 128);
        assertThat(ann.outlet().problem()).isEqualTo(Problem.SLOW_SUBSCRIBER);
        assertThat(joined).isCompleted();
    }

    @Test
    void aClientThatLostItsPlaceIsNoLongerPresentOnceItIsGone() {
        var bounded = new TestChat(new MemoryHistory(Retentions.of(10, 5), Long.MAX_VALUE));
        bounded.publish("room", 5);
        var bob = bounded.connect().join("bob", "room");
        var ann = bounded.connect();
        ann.outlet().writable(2);
        var joined = ann.session().receive(Words.join("ann", "room", newest(5)));
        assertThat(joined).isNotDone();
        bounded.publish("room", 200);
        ann.outlet().writable(100);
        ann.session().onWritable();
        assertThat(ann.outlet().problem()).isEqualTo(Problem.SLOW_SUBSCRIBER);
        ann.session().close();

        assertThat(bob.outlet().words()).contains("joined ann").endsWith("left ann");
        bob.join("bob", "room");
        assertThat(bob.outlet().words()).endsWith("recovered false missed 0 head 205 [bob]");
    }

    @Test
    void aHistoryThatCannotBeReadEndsTheClientAndSaysSo() {
        var history = new ManualHistory();
        history.failReads(new IllegalStateException("broken on purpose"));
        var broken = new TestChat(history);
        var ann = broken.connect().join("ann", "room");

        assertThat(ann.outlet().problem()).isEqualTo(Problem.UNAVAILABLE);
        assertThat(ann.session().receive(line("ann", "room", "m1"))).succeedsWithin(Duration.ZERO);
    }
}

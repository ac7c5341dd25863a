package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.line;
import static io.duplexer.app.chat.Words.newest;
import static io.duplexer.app.chat.Words.resume;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Join;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A history that answers later, with all that may happen before it does. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AsynchronousHistoryTest {
    private final ManualHistory history = new ManualHistory();
    private final TestChat test = new TestChat(history);

    @Test
    void whatIsPublishedWhileTheHistoryIsAskedComesOnce() {
        test.publish("room", 2);
        history.holdReads(true);
        var ann = test.connect();
        var joined = ann.session().receive(Words.join("ann", "room", resume(history.epoch(), 1)));
        test.publish("room", 2);
        assertThat(ann.outlet().words()).isEmpty();

        history.answerRead();
        assertThat(ann.outlet().words()).containsExactly("recovered true missed 1 head 2 [ann]", "#2");
        test.publish("room", 1);
        assertThat(ann.outlet().take()).hasSize(2);
        assertThat(joined).isNotDone();

        history.answerRead();
        assertThat(ann.outlet().take()).containsExactly("#3", "#4");
        assertThat(joined).as("5 was published after that read").isNotDone();
        history.answerRead();
        assertThat(ann.outlet().take()).containsExactly("#5");
        assertThat(joined).isCompleted();
        assertThat(history.openReads()).isZero();
    }

    @Test
    void whatWasReadBeforeTheTailBringsItComesOnce() {
        history.holdCommits(true);
        var bob = test.connect();
        var published = List.of(
                bob.session().receive(line("bob", "room", "1")), bob.session().receive(line("bob", "room", "2")));
        var ann = test.connect().join("ann", "room", newest(10));
        assertThat(ann.outlet().words()).containsExactly("recovered false missed 2 head 2 [ann]", "#1", "#2");

        history.commit();
        assertThat(published).allMatch(future -> future.isDone());
        assertThat(ann.outlet().words()).hasSize(3);
        history.holdCommits(false);
        test.publish("room", 1);
        assertThat(ann.outlet().words()).hasSize(4).endsWith("#3");
    }

    @Test
    void aResumePointAheadOfTheTailLosesNothing() {
        history.holdCommits(true);
        var bob = test.connect().join("bob", "room");
        var published = bob.session().receive(line("bob", "room", "1"));
        var ann = test.connect().join("ann", "room", resume(history.epoch(), 1));
        history.commit();

        assertThat(published).isCompleted();
        assertThat(ann.outlet().words()).containsExactly("recovered true missed 0 head 1 [ann, bob]");
        assertThat(bob.outlet().words()).endsWith("#1");
    }

    @Test
    void anOwnMessageThatOvertakesTheJoinIsAcknowledgedAllTheSame() {
        history.holdReads(true);
        var ann = test.connect();
        history.holdCommits(true);
        var published = ann.session().receive(line("ann", "room", "mine"));
        var joined = ann.session().receive(Words.join("ann", "room", Join.getDefaultInstance()));
        history.commit();
        history.answerRead();

        assertThat(published).isCompleted();
        assertThat(joined).isCompleted();
        assertThat(ann.outlet().words()).containsExactly("recovered false missed 0 head 1 [ann]", "#1");
        assertThat(ann.outlet().lines().get(0).getId()).isEqualTo("mine");
    }

    @Test
    void anOwnMessageThatTheHistoryBringsIsAcknowledgedByThat() {
        history.holdReads(true);
        var ann = test.connect();
        var joined = ann.session().receive(Words.join("ann", "room", newest(10)));
        var published = ann.session().receive(line("ann", "room", "mine"));
        history.answerRead();
        history.answerRead();

        assertThat(joined).isCompleted();
        assertThat(published).isCompleted();
        assertThat(ann.outlet().words()).containsExactly("recovered false missed 0 head 0 [ann]", "#1");
    }

    @Test
    void anOwnMessageThatAnotherJoinSkipsIsAcknowledgedAllTheSame() {
        var ann = catchingUp(2);
        var published = ann.session().receive(line("ann", "room", "mine"));
        assertThat(published).as("the history would bring it").isNotDone();
        ann.outlet().writable(100);
        ann.join("ann", "room");

        assertThat(published).isCompleted();
        assertThat(ann.outlet().words())
                .containsExactly(
                        "recovered false missed 2 head 2 [ann]", "#1", "recovered false missed 0 head 3 [ann]", "#3");
        assertThat(ann.outlet().lines().get(1).getId()).isEqualTo("mine");
    }

    @Test
    void anOwnMessageThatAnotherJoinBringsIsAcknowledgedByThat() {
        var ann = catchingUp(2);
        var published = ann.session().receive(line("ann", "room", "mine"));
        ann.outlet().writable(100);
        ann.join("ann", "room", resume(history.epoch(), 1));

        assertThat(published).isCompleted();
        assertThat(ann.outlet().words().subList(2, 5))
                .containsExactly("recovered true missed 2 head 3 [ann]", "#2", "#3");
        assertThat(ann.outlet().lines()).hasSize(3);
    }

    @Test
    void anOwnMessageOfWhoLeavesBeforeItComesIsAcknowledgedAllTheSame() {
        var ann = catchingUp(2);
        var published = ann.session().receive(line("ann", "room", "mine"));
        ann.send(Words.leave("room"));

        assertThat(published).isCompleted();
        assertThat(ann.outlet().words())
                .containsExactly("recovered false missed 2 head 2 [ann]", "#1", "#3", "left ann");
    }

    @Test
    void anOwnMessageThatTwoOverlappingJoinsOvertakeIsAcknowledgedOnce() {
        history.holdReads(true);
        var ann = test.connect();
        history.holdCommits(true);
        var published = ann.session().receive(line("ann", "room", "mine"));
        var first = ann.session().receive(Words.join("ann", "room", Join.getDefaultInstance()));
        history.commit();
        var second = ann.session().receive(Words.join("ann", "room", newest(1)));
        history.answerRead();
        history.answerRead();

        assertThat(List.of(published, first, second)).allMatch(future -> future.isDone());
        assertThat(ann.outlet().words()).containsExactly("recovered false missed 1 head 1 [ann]", "#1");
    }

    /** A client that has taken the first of some messages, and no more for now. */
    private TestChat.Client catchingUp(int messages) {
        test.publish("room", messages);
        var ann = test.connect();
        ann.outlet().writable(2);
        assertThat(ann.session().receive(Words.join("ann", "room", newest(messages))))
                .isNotDone();
        return ann;
    }

    @Test
    void anAnswerThatComesAfterTheClientLeftIsDropped() {
        test.publish("room", 2);
        var bob = test.connect().join("bob", "room");
        history.holdReads(true);
        var ann = test.connect();
        var joined = ann.session().receive(Words.join("ann", "room", newest(10)));
        ann.send(Words.leave("room"));
        history.answerRead();

        assertThat(joined).isCompleted();
        assertThat(ann.outlet().words()).containsExactly("left ann");
        assertThat(bob.outlet().words()).as("ann was never there").hasSize(1);
    }

    @Test
    void anAnswerThatComesAfterTheClientIsGoneIsDropped() {
        history.holdReads(true);
        var ann = test.connect();
        var joined = ann.session().receive(Words.join("ann", "room", newest(10)));
        ann.session().close();
        history.answerRead();

        assertThat(joined).isCompleted();
        assertThat(ann.outlet().words()).isEmpty();
        assertThat(test.chat.roomCount()).isZero();
        assertThat(test.chat.sessionCount()).isZero();
    }

    @Test
    void ofTwoJoinsThatOverlapTheSecondCounts() {
        test.publish("room", 3);
        var bob = test.connect().join("bob", "room");
        history.holdReads(true);
        var ann = test.connect();
        var first = ann.session().receive(Words.join("ann", "room", newest(3)));
        var second = ann.session().receive(Words.join("ann", "room", newest(1)));
        history.answerRead();
        history.answerRead();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(ann.outlet().words()).containsExactly("recovered false missed 1 head 3 [ann, bob]", "#3");
        assertThat(bob.outlet().words()).hasSize(2).endsWith("joined ann");
    }

    @Test
    void aReadThatFailsLaterEndsTheClient() {
        test.publish("room", 300);
        history.holdReads(true);
        var ann = test.connect();
        var joined = ann.session().receive(Words.join("ann", "room", resume(history.epoch(), 0)));
        history.failReads(new IllegalStateException("broken on purpose"));
        history.answerRead();
        assertThat(ann.outlet().problem()).isNull();
        history.answerRead();

        assertThat(ann.outlet().problem()).isEqualTo(Problem.UNAVAILABLE);
        assertThat(ann.outlet().lines()).hasSize(128);
        assertThat(joined).isCompleted();
    }

    @Test
    void whoLeavesBeforeAnEmptyAnswerOnlyLeaves() {
        var bounded = new ManualHistory(10_000);
        var small = new TestChat(bounded);
        small.publish("room", 130);
        bounded.holdReads(true);
        var ann = small.connect();
        var joined = ann.session().receive(Words.join("ann", "room", resume(bounded.epoch(), 0)));
        small.publish("another", 1_000);
        bounded.answerRead();
        ann.send(Words.leave("room"));
        bounded.answerRead();

        assertThat(joined).isCompleted();
        assertThat(ann.outlet().lines()).hasSize(128);
        assertThat(ann.outlet().problem()).isNull();
    }
}

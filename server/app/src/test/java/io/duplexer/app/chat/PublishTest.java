package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retentions;
import io.duplexer.chat.v1.Message;
import java.lang.ref.WeakReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A message on its way in, and the acknowledgement on its way back. */
final class PublishTest {
    private final TestChat test = new TestChat();

    @Test
    void allMembersTheSenderIncludedGetTheMessageComplete() {
        var ann = test.connect().join("ann", "room");
        var bob = test.connect().join("bob", "room");
        ann.outlet().clear();
        bob.outlet().clear();
        ann.send(line("ann", "room", "m1"));

        var expected = line("ann", "room", "m1").toBuilder()
                .setSequence(1)
                .setTimestamp(TestChat.NOW_MILLIS)
                .build();
        assertThat(ann.outlet().messages()).containsExactly(expected);
        assertThat(bob.outlet().messages()).containsExactly(expected);
    }

    @Test
    void theSameMessageAgainIsAcknowledgedToItsSenderOnly() {
        var ann = test.connect().join("ann", "room");
        var bob = test.connect().join("bob", "room");
        ann.send(line("ann", "room", "m1"));
        ann.outlet().clear();
        bob.outlet().clear();
        ann.send(line("ann", "room", "m1").toBuilder().setContent("another").build());

        assertThat(bob.outlet().words()).isEmpty();
        assertThat(ann.outlet().messages())
                .containsExactly(line("ann", "room", "m1").toBuilder()
                        .setSequence(1)
                        .setTimestamp(TestChat.NOW_MILLIS)
                        .setDuplicate(true)
                        .build());
    }

    @Test
    void theSameMessageFromAnotherConnectionOfItsSenderIsTheSame() {
        test.connect().join("ann", "room").send(line("ann", "room", "m1"));
        var second = test.connect().join("ann", "elsewhere");
        second.outlet().clear();
        second.send(line("ann", "room", "m1"));

        assertThat(second.outlet().words()).containsExactly("#1 again");
    }

    @Test
    void whoPublishesIntoARoomThatItIsNotInIsAcknowledged() {
        var ann = test.connect().join("ann", "room");
        ann.outlet().clear();
        ann.send(line("ann", "elsewhere", "m1"));
        test.publish("elsewhere", 1);

        assertThat(ann.outlet().words()).containsExactly("#1");
        assertThat(ann.outlet().messages().get(0).getId()).isEqualTo("m1");
    }

    @Test
    void aListenerPublishesAndGetsItsOwnMessagesLive() {
        test.publish("lobby", 2);
        var ann = test.connect();
        ann.session().listen("");
        ann.send(line("ann", "", "m1")).send(line("ann", "", ""));

        assertThat(ann.outlet().words()).containsExactly("#3", "#4");
        assertThat(ann.outlet().messages()).extracting(Message::getId).doesNotContain("");
    }

    @Test
    void theChainRunsThroughAllThatMembersSee() {
        var ann = test.connect().join("ann", "room");
        test.publish("room", 50);

        var before = 0L;
        for (var message : ann.outlet().lines()) {
            assertThat(message.getPreviousSequence()).isEqualTo(before);
            before = message.getSequence();
        }
        assertThat(before).isEqualTo(50);
    }

    @Test
    void aFullHistoryRefusesAndTheSessionGoesOn() {
        var full = new TestChat(new MemoryHistory(Retentions.of(1, 10), 10_000));
        full.publish("room", 1);
        var ann = full.connect().join("ann", "room");
        ann.outlet().clear();
        ann.send(line("ann", "elsewhere", "m1")).send(line("ann", "room", "m2"));

        assertThat(ann.outlet().words())
                .containsExactly(
                        "rejected 8 m1: room: elsewhere would be one more than the 1 rooms that may have messages"
                                + " (expected: an existing room)",
                        "#2");
    }

    @Test
    void aHistoryThatCannotWriteRefusesForAWhile() {
        var ann = test.connect().join("ann", "room");
        test.history.close();
        ann.outlet().clear();
        ann.send(line("ann", "room", "m1"));

        var refusal = ann.outlet().messages().get(0);
        assertThat(refusal.getId()).isEqualTo("m1");
        assertThat(refusal.getRejected().getCode()).isEqualTo(14);
        assertThat(refusal.getRejected().getRetryAfterMillis()).isEqualTo(1_000);
        assertThat(ann.outlet().problem()).isNull();
    }

    @Test
    void settledIsWhenEverythingReceivedIsDealtWith() {
        var history = new ManualHistory();
        history.holdCommits(true);
        var slow = new TestChat(history);
        var ann = slow.connect();
        ann.session().listen("");
        var first = ann.session().receive(line("ann", "", "m1"));
        var second = ann.session().receive(line("ann", "", "m2"));
        var settled = ann.session().settled();
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        assertThat(settled).isNotDone();

        history.commit();
        assertThat(settled).isCompleted();
        assertThat(ann.outlet().words()).containsExactly("#1", "#2");
    }

    @Test
    void whatIsDealtWithIsForgottenWhileAnotherIsNot() {
        var history = new ManualHistory();
        var slow = new TestChat(history);
        slow.publish("room", 10);
        var ann = slow.connect();
        ann.outlet().writable(1);
        var joined = ann.session().receive(Words.join("ann", "room", Words.newest(10)));
        history.holdCommits(true);
        var published = new WeakReference<>(ann.session().receive(line("ann", "elsewhere", "m1")));
        history.commit();
        assertThat(joined).isNotDone();

        Awaitility.await().until(() -> {
            System.gc();
            return published.get() == null;
        });
        assertThat(ann.session().settled()).isNotDone();
        ann.session().close();
        assertThat(ann.session().settled()).isCompleted();
    }

    @Test
    void whatIsCommittedWhileItsRoomIsJoinedAgainIsAcknowledged() {
        var history = new ManualHistory();
        var slow = new TestChat(history);
        var ann = slow.connect().join("ann", "room");
        history.holdCommits(true);
        var published = ann.session().receive(line("ann", "room", "m1"));
        // Bob is told that ann is gone when her first membership has ended and her second is not the session's yet.
        new TestChat.Client(slow.chat.connect(new CommittingOutlet(history), slow.newRate()), new RecordingOutlet())
                .join("bob", "room");
        ann.outlet().clear();
        ann.join("amy", "room");

        assertThat(published).isCompleted();
        assertThat(ann.outlet().words()).containsExactlyInAnyOrder("#1", "recovered false missed 0 head 1 [amy, bob]");
    }

    /** Commits as soon as it is told of somebody who left. */
    private record CommittingOutlet(ManualHistory history) implements Outlet {
        @Override
        public void deliver(Delivery delivery) {
            if (delivery.message().hasLeft()) {
                history.commit();
            }
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void end(ChatException reason) {}
    }
}

package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** The end of the server, as its clients see it. */
final class StoppingTest {
    private final TestChat test = new TestChat();

    @Test
    void everySessionIsEndedOnce() {
        var ann = test.connect().join("ann", "room");
        var listener = test.connect();
        listener.session().listen("");
        test.chat.close();
        test.chat.close();

        assertThat(ann.outlet().problem()).isEqualTo(Problem.STOPPING);
        assertThat(listener.outlet().problem()).isEqualTo(Problem.STOPPING);
    }

    @Test
    void nothingIsAcceptedAnyMore() {
        var ann = test.connect().join("ann", "room");
        test.chat.close();
        ann.outlet().clear();
        ann.send(line("ann", "room", "m1"));

        assertThat(ann.outlet().words())
                .containsExactly("rejected 14 m1: the server is stopping (expected: reconnect)");
        assertThatThrownBy(() -> test.chat
                        .publish(line("ann", "room", "m1"), test.newRate())
                        .join())
                .isInstanceOf(CompletionException.class)
                .satisfies(
                        failure -> assertThat(Chat.refusal(failure).problem()).isEqualTo(Problem.STOPPING));
        assertThat(test.history.after("room", 0, 10).join().messages()).isEmpty();
    }

    @Test
    void nobodyCanConnectAndNobodyIsLeft() {
        test.chat.close();

        assertThatThrownBy(test::connect)
                .isInstanceOfSatisfying(
                        ChatException.class,
                        refusal -> assertThat(refusal.problem()).isEqualTo(Problem.STOPPING));
        assertThat(test.chat.sessionCount()).isZero();
    }

    @Test
    void whatWasAcceptedBeforeIsAcknowledged() {
        var history = new ManualHistory();
        history.holdCommits(true);
        var slow = new TestChat(history);
        var ann = slow.connect().join("ann", "room");
        ann.outlet().clear();
        var published = ann.session().receive(line("ann", "room", "m1"));
        slow.chat.close();
        history.commit();

        assertThat(published).isCompleted();
        assertThat(ann.outlet().words()).containsExactly("#1");
    }

    @Test
    void aSessionClosesOnce() {
        var ann = test.connect().join("ann", "room");
        var bob = test.connect().join("bob", "room");
        ann.session().close();
        ann.session().close();

        assertThat(bob.outlet().words()).containsExactly("recovered false missed 0 head 0 [ann, bob]", "left ann");
        assertThat(test.chat.sessionCount()).isEqualTo(1);
    }

    @Test
    void aJoinAfterTheCloseLeavesNothingBehind() {
        var ann = test.connect();
        ann.session().close();
        ann.join("ann", "room");

        assertThat(ann.outlet().words()).isEmpty();
        assertThat(test.chat.roomCount()).isZero();
    }
}

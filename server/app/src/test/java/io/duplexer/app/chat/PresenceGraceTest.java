package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.leave;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A connection that is lost and soon replaced is nobody's coming or going. */
final class PresenceGraceTest {
    private final TestChat test = new TestChat(new ChatLimits(1_000, 100, 100, 100, 0, 1, Duration.ofSeconds(5)));
    private final TestChat.Client bob = test.connect().join("bob", "room");
    private final TestChat.Client ann = test.connect().join("ann", "room");

    PresenceGraceTest() {
        bob.outlet().clear();
    }

    @Test
    void whoComesBackInTimeWasNeverAway() {
        ann.session().close();
        assertThat(bob.outlet().words()).isEmpty();
        var again = test.connect().join("ann", "room");
        test.timers.remove().run();

        assertThat(bob.outlet().words()).isEmpty();
        assertThat(again.outlet().words()).containsExactly("recovered false missed 0 head 0 [ann, bob]");
    }

    @Test
    void whoDoesNotComeBackHasLeftWhenTheTimeIsUp() {
        ann.session().close();
        var eve = test.connect().join("eve", "room");
        assertThat(eve.outlet().words())
                .as("still counted as present")
                .containsExactly("recovered false missed 0 head 0 [ann, bob, eve]");
        test.timers.remove().run();

        assertThat(bob.outlet().words()).containsExactly("joined eve", "left ann");
        test.connect().join("ann", "room");
        assertThat(bob.outlet().words()).endsWith("joined ann");
    }

    @Test
    void eachLossHasItsOwnTime() {
        ann.session().close();
        test.connect().join("ann", "room").session().close();
        test.timers.remove().run();
        assertThat(bob.outlet().words()).as("the time of the first loss").isEmpty();

        test.timers.remove().run();
        assertThat(bob.outlet().words()).containsExactly("left ann");
    }

    @Test
    void whoLeavesOnPurposeIsGoneAtOnce() {
        ann.send(leave("room"));

        assertThat(bob.outlet().words()).containsExactly("left ann");
        assertThat(test.timers).isEmpty();
    }

    @Test
    void joiningAsSomeoneElseIsOnPurpose() {
        ann.join("eve", "room");

        assertThat(bob.outlet().words()).containsExactly("left ann", "joined eve");
    }

    @Test
    void aRoomWithoutConnectionsIsForgottenAndNobodyWaitsForIt() {
        ann.session().close();
        bob.session().close();
        assertThat(test.chat.roomCount()).isZero();
        var eve = test.connect().join("eve", "room");
        test.timers.forEach(Runnable::run);

        assertThat(eve.outlet().words()).containsExactly("recovered false missed 0 head 0 [eve]");
    }
}

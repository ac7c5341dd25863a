package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.leave;
import static io.duplexer.app.chat.Words.newest;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is in a room, as its members are told. */
final class PresenceTest {
    private final TestChat test = new TestChat();
    private final TestChat.Client bob = test.connect().join("bob", "room");

    PresenceTest() {
        bob.outlet().clear();
    }

    @Test
    void othersAreToldWhoComesAndGoesAndTheOneWhoComesIsNot() {
        var ann = test.connect().join("ann", "room");
        assertThat(bob.outlet().take()).containsExactly("joined ann");
        assertThat(ann.outlet().take()).containsExactly("recovered false missed 0 head 0 [ann, bob]");

        ann.session().close();
        assertThat(bob.outlet().take()).containsExactly("left ann");
        assertThat(ann.outlet().take()).isEmpty();
    }

    @Test
    void leavingIsConfirmedToTheOneWhoLeaves() {
        var ann = test.connect().join("ann", "room");
        ann.outlet().clear();
        ann.send(leave("room"));
        test.publish("room", 1);

        assertThat(ann.outlet().words()).containsExactly("left ann");
        assertThat(bob.outlet().words()).containsExactly("joined ann", "left ann", "#1");
    }

    @Test
    void aUserWithManyConnectionsComesOnceAndGoesWithTheLast() {
        var phone = test.connect().join("ann", "room");
        var laptop = test.connect().join("ann", "room");
        var tablet = test.connect().join("ann", "room");
        assertThat(bob.outlet().take()).containsExactly("joined ann");
        assertThat(tablet.outlet().words()).containsExactly("recovered false missed 0 head 0 [ann, bob]");

        phone.session().close();
        laptop.send(leave("room"));
        assertThat(bob.outlet().take()).isEmpty();
        tablet.session().close();
        assertThat(bob.outlet().take()).containsExactly("left ann");
        assertThat(phone.outlet().words()).as("one's own coming and going").hasSize(1);
    }

    @Test
    void joiningAgainKeepsOnePresent() {
        var ann = test.connect().join("ann", "room");
        bob.outlet().clear();
        ann.join("ann", "room").join("ann", "room", newest(5));

        assertThat(bob.outlet().take()).isEmpty();
        assertThat(ann.outlet().words()).hasSize(3).containsOnly("recovered false missed 0 head 0 [ann, bob]");
        ann.session().close();
        assertThat(bob.outlet().take()).containsExactly("left ann");
    }

    @Test
    void joiningAgainAsSomeoneElseIsOneGoingAndOneComing() {
        var ann = test.connect().join("ann", "room");
        bob.outlet().clear();
        ann.join("eve", "room");

        assertThat(bob.outlet().take()).containsExactly("left ann", "joined eve");
        assertThat(ann.outlet().words()).endsWith("recovered false missed 0 head 0 [bob, eve]");
    }

    @Test
    void presenceIsOfOneRoom() {
        var ann = test.connect().join("ann", "room").join("ann", "elsewhere");
        bob.outlet().clear();
        ann.send(leave("elsewhere"));

        assertThat(bob.outlet().take()).isEmpty();
    }

    @Test
    void whoOnlyListensIsNotSeenAndGetsNoEvents() {
        var listener = test.connect();
        listener.session().listen("eve", "room");
        assertThat(bob.outlet().take()).isEmpty();
        var ann = test.connect().join("ann", "room");
        assertThat(ann.outlet().words()).containsExactly("recovered false missed 0 head 0 [ann, bob]");
        test.publish("room", 1);
        listener.session().close();

        assertThat(listener.outlet().words()).containsExactly("#1");
        assertThat(bob.outlet().take()).containsExactly("joined ann", "#1");
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1_000, 1_001})
    void atMostAThousandMembersAreNamedAndAllAreCounted(int count) {
        for (var number = 2; number < count; number++) {
            test.connect().join("user" + number, "room");
        }
        var ann = test.connect().join("ann", "room");

        var answer = ann.outlet().messages().get(0).getRecovered();
        assertThat(answer.getMemberCount()).isEqualTo(count);
        assertThat(answer.getMembersList())
                .hasSize(Math.min(count, 1_000))
                .startsWith("ann", "bob")
                .isSorted()
                .doesNotHaveDuplicates();
    }
}

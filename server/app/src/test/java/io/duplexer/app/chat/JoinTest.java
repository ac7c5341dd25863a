package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.newest;
import static io.duplexer.app.chat.Words.resume;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a join brings: the answer first, then the stored messages, then the room live. */
final class JoinTest {
    private final TestChat test = new TestChat();

    @Test
    void withoutHistoryOnlyTheAnswerAndWhatIsNew() {
        test.publish("room", 3);
        var ann = test.connect().join("ann", "room");
        test.publish("room", 1);

        assertThat(ann.outlet().words()).containsExactly("recovered false missed 0 head 3 [ann]", "#4");
    }

    @Test
    void inAnEmptyRoomTheHeadIsZero() {
        var ann = test.connect().join("ann", "room", newest(10));
        test.publish("room", 1);

        assertThat(ann.outlet().words()).containsExactly("recovered false missed 0 head 0 [ann]", "#1");
    }

    @ParameterizedTest(name = "{1} of {0} stored: {2}")
    @CsvSource({
        "3, 1, 1",
        "3, 2, 2",
        "3, 3, 3",
        "3, 4, 3",
        "999, 1000, 999",
        "1000, 1000, 1000",
        "1001, 1000, 1000",
        "1001, 1001, 1000",
        "1001, -1, 1000",
    })
    void asManyOfTheNewestAsAskedForAtMostAThousand(int stored, int wanted, int missed) {
        test.publish("room", stored);
        var ann = test.connect().join("ann", "room", newest(wanted));
        test.publish("room", 1);

        assertThat(ann.outlet().words().get(0))
                .isEqualTo("recovered false missed " + missed + " head " + stored + " [ann]");
        assertThat(ann.outlet().lines())
                .extracting(Message::getSequence)
                .containsExactlyElementsOf(LongStream.rangeClosed(stored - missed + 1, stored + 1)
                        .boxed()
                        .toList());
    }

    @Test
    void theAnswerCarriesTheEpochAndTheRoom() {
        var ann = test.connect().join("ann", "");

        var answer = ann.outlet().messages().get(0);
        assertThat(answer.getRoom()).isEqualTo("lobby");
        assertThat(answer.getUserId()).isEqualTo("ann");
        assertThat(answer.getSequence()).isZero();
        assertThat(answer.getRecovered().getEpoch()).isEqualTo(test.history.epoch());
    }

    @Test
    void joiningTakesBackTheLobbyThatNobodyAskedFor() {
        var ann = test.connect();
        ann.session().listen("");
        ann.join("ann", "room");
        test.publish("lobby", 1);

        assertThat(ann.outlet().words()).containsExactly("recovered false missed 0 head 0 [ann]");
        assertThat(test.chat.roomCount()).isEqualTo(1);
    }

    @Test
    void severalRoomsComeOnOneStreamEachInItsOrder() {
        test.publish("a", 2);
        test.publish("b", 1);
        var ann = test.connect().join("ann", "a", newest(5)).join("ann", "b", newest(5));
        test.publish("a", 1);
        test.publish("b", 1);

        assertThat(ann.outlet().lines())
                .extracting(message -> message.getRoom() + message.getSequence())
                .containsExactly("a1", "a2", "b1", "a3", "b2");
    }

    @Test
    void aResumeIsTheSameInARoomThatNobodyIsInAsInOneThatIsUsed() {
        test.publish("empty", 1_000);
        test.connect().join("bob", "used");
        test.publish("used", 1_000);
        var join = resume(test.history.epoch(), 100);
        var inEmpty = test.connect().join("ann", "empty", join);
        var inUsed = test.connect().join("ann", "used", join);

        assertThat(inEmpty.outlet().lines()).hasSize(900);
        assertThat(inUsed.outlet().lines()).hasSize(900);
    }

    @Test
    void joiningAgainFromAResumePointRepeatsExactlyWhatCameAfterIt() {
        var ann = test.connect().join("ann", "room");
        test.publish("room", 3);
        ann.outlet().clear();
        ann.join("ann", "room", resume(test.history.epoch(), 1));
        test.publish("room", 1);

        assertThat(ann.outlet().words()).containsExactly("recovered true missed 2 head 3 [ann]", "#2", "#3", "#4");
    }

    @Test
    void aJoinThatCannotBeHonouredFallsBackToTheHistoryItAsksFor() {
        test.publish("room", 5);
        var ann = test.connect()
                .join(
                        "ann",
                        "room",
                        Join.newBuilder(resume("another epoch", 4))
                                .setHistory(2)
                                .build());

        assertThat(ann.outlet().words()).containsExactly("recovered false missed 2 head 5 [ann]", "#4", "#5");
    }
}

package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.leave;
import static io.duplexer.app.chat.Words.line;
import static io.duplexer.app.chat.Words.readHistory;
import static io.duplexer.app.chat.Words.typing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.Joined;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Recovered;
import io.duplexer.chat.v1.Rejected;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Events from clients: typing, leaving, and what is refused, with or without a join before. */
final class EventsTest {
    private final TestChat test = new TestChat();
    private final TestChat.Client ann = test.connect().join("ann", "room");
    private final TestChat.Client bob = test.connect().join("bob", "room");

    EventsTest() {
        ann.outlet().clear();
        bob.outlet().clear();
    }

    @Test
    void typingReachesAllOthersOfTheRoomAndIsNotStored() {
        var second = test.connect().join("ann", "room");
        var listener = test.connect();
        listener.session().listen("room");
        var elsewhere = test.connect().join("eve", "elsewhere");
        Stream.of(second, elsewhere).forEach(client -> client.outlet().clear());
        ann.send(typing("room"));

        assertThat(bob.outlet().words()).containsExactly("typing ann");
        assertThat(second.outlet().words()).containsExactly("typing ann");
        assertThat(ann.outlet().words()).as("not back to where it came from").isEmpty();
        assertThat(listener.outlet().words()).isEmpty();
        assertThat(elsewhere.outlet().words()).isEmpty();
        assertThat(test.history.after("room", 0, 10).join().messages()).isEmpty();
    }

    @Test
    void typingIsOfTheUserWhoJoinedWhateverTheEventSays() {
        ann.send(typing("room").toBuilder().setUserId("eve").setContent("x").build());

        assertThat(bob.outlet().messages())
                .containsExactly(typing("room").toBuilder().setUserId("ann").build());
    }

    @Test
    void typingByOneWhoNeedNotBeThereReachesAllOtherUsers() {
        var second = test.connect().join("ann", "room");
        var listener = test.connect();
        listener.session().listen("room");
        Stream.of(second, bob).forEach(client -> client.outlet().clear());
        test.chat.type(typing("room").toBuilder().setUserId("ann").build(), test.newRate());
        test.chat.type(typing("room").toBuilder().setUserId("eve").build(), test.newRate());
        test.chat.type(typing("nowhere").toBuilder().setUserId("eve").build(), test.newRate());

        assertThat(bob.outlet().words()).containsExactly("typing ann", "typing eve");
        assertThat(second.outlet().words()).as("not to ann herself").containsExactly("typing eve");
        assertThat(listener.outlet().words()).isEmpty();
        assertThat(test.chat.roomCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("typingRefused")
    void typingByOneWhoCannotBeIsRefused(Message typing, String reason) {
        assertThatThrownBy(() -> test.chat.type(typing, test.newRate()))
                .isInstanceOf(ChatException.class)
                .hasMessageStartingWith(reason);
        assertThat(bob.outlet().words()).isEmpty();
    }

    private static Stream<Arguments> typingRefused() {
        return Stream.of(
                Arguments.of(typing("room"), "user_id: empty"),
                Arguments.of(
                        typing("r".repeat(129)).toBuilder().setUserId("eve").build(), "room: 129 bytes"));
    }

    @Test
    void typingCountsAgainstThePublishRate() {
        var limited = new TestChat(new ChatLimits(100, 10, 10, 10, 1, 3, Duration.ZERO));
        var eve = limited.connect().join("eve", "room");
        eve.outlet().clear();
        eve.send(typing("room")).send(typing("room")).send(typing("room"));

        assertThat(eve.outlet().words())
                .containsExactly(
                        "rejected 8 : rate: too many messages on this connection (expected: at most 1 a second,"
                                + " 3 at once)");
    }

    @Test
    void joiningAndLeavingCountAgainstThePublishRate() {
        var limited = new TestChat(new ChatLimits(100, 10, 10, 10, 1, 3, Duration.ZERO));
        var watching = limited.connect().join("bob", "room");
        watching.outlet().clear();
        var eve = limited.connect().join("eve", "room").send(leave("room")).join("eve", "room");
        eve.outlet().clear();
        eve.send(leave("room")).join("eve", "room").join("eve", "elsewhere");

        var refusal =
                "rejected 8 : rate: too many messages on this connection (expected: at most 1 a second, 3 at once)";
        assertThat(eve.outlet().words()).containsExactly(refusal, refusal, refusal);
        assertThat(eve.outlet().messages().get(0).getRejected().getRetryAfterMillis())
                .isEqualTo(1_001);
        assertThat(watching.outlet().words()).containsExactly("joined eve", "left eve", "joined eve");

        limited.nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
        eve.send(leave("room"));
        assertThat(watching.outlet().words()).endsWith("left eve");
    }

    @ParameterizedTest
    @MethodSource("eventsOfARoomNotJoined")
    void leavingTypingAndReadingAreForRoomsThatWereJoined(Message event) {
        ann.send(event);

        assertThat(ann.outlet().words())
                .containsExactly("rejected 3 " + event.getId()
                        + ": room: \"elsewhere\" has not been joined (expected: a join of that room before)");
        assertThat(ann.outlet().problem()).isNull();
    }

    private static Stream<Message> eventsOfARoomNotJoined() {
        return Stream.of(leave("elsewhere"), typing("elsewhere"), readHistory("elsewhere", "h1", 0, 0));
    }

    @ParameterizedTest
    @MethodSource("eventsOfTheServer")
    void theServersOwnEventsAreNotTakenFromClients(Message event) {
        ann.send(event);

        assertThat(ann.outlet().words())
                .singleElement()
                .asString()
                .startsWith("rejected 3 e1: event: ")
                .endsWith("(expected: join, left, typing or read_history: the others come from the server only)");
        assertThat(bob.outlet().words()).isEmpty();
    }

    private static Stream<Message> eventsOfTheServer() {
        var message = Message.newBuilder().setId("e1").setUserId("ann").setRoom("room");
        return Stream.of(
                message.clone().setJoined(Joined.getDefaultInstance()).build(),
                message.clone().setRejected(Rejected.getDefaultInstance()).build(),
                message.clone().setRecovered(Recovered.getDefaultInstance()).build(),
                message.clone().setHistory(HistoryPage.getDefaultInstance()).build());
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aClientThatJoinedIsToldAndGoesOn(Message wrong) {
        ann.send(wrong);
        var rejected = ann.outlet().messages().get(0);
        assertThat(rejected.getId()).isEqualTo(wrong.getId());
        assertThat(rejected.getUserId()).isEqualTo(wrong.getUserId());
        assertThat(rejected.getRoom()).isEqualTo(wrong.getRoom());
        assertThat(rejected.getRejected().getCode()).isEqualTo(3);
        assertThat(rejected.getRejected().getRetryAfterMillis()).isZero();

        ann.send(line("ann", "room", "m2"));
        assertThat(ann.outlet().words()).hasSize(2).endsWith("#1");
        assertThat(ann.outlet().problem()).isNull();
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aClientWithoutJoinIsEnded(Message wrong) {
        var eve = test.connect();
        eve.session().listen("");
        eve.send(wrong);

        assertThat(eve.outlet().words()).isEmpty();
        assertThat(eve.outlet().problem()).isEqualTo(Problem.INVALID_ARGUMENT);
    }

    private static Stream<Message> wrong() {
        return Stream.of(
                line("", "room", "m1"),
                line("ann", "room", "m1").toBuilder().clearContent().build(),
                line("ann", "\t", "m1"));
    }

    @Test
    void whatIsFarTooLongForANameIsNotSentBack() {
        var tooLong = "n".repeat(1_025);
        ann.send(line(tooLong, "room", "m1"))
                .send(line("ann", tooLong, "m2"))
                .send(line("ann", "room", tooLong))
                .send(leave(tooLong))
                .send(typing(tooLong))
                .send(readHistory("room", tooLong, 0, 0))
                .send(line("", "room", "n".repeat(1_024)));

        assertThat(ann.outlet().messages())
                .extracting(Message::getUserId, Message::getRoom, Message::getId)
                .containsExactly(
                        tuple("", "room", "m1"),
                        tuple("ann", "", "m2"),
                        tuple("ann", "room", ""),
                        tuple("", "", ""),
                        tuple("", "", ""),
                        tuple("", "room", ""),
                        tuple("", "room", "n".repeat(1_024)));
        assertThat(ann.outlet().words()).allSatisfy(word -> assertThat(word).startsWith("rejected 3 "));
    }

    @Test
    void aJoinThatIsRefusedIsToldNotEnded() {
        var eve = test.connect();
        eve.session().listen("");
        eve.join("", "room");
        assertThat(eve.outlet().words())
                .containsExactly("rejected 3 : user_id: empty (expected: 1 to 128 bytes of UTF-8)");

        eve.join("eve", "room");
        assertThat(eve.outlet().take()).endsWith("recovered false missed 0 head 0 [ann, bob, eve]");
        assertThat(eve.outlet().problem()).isNull();
    }

    @Test
    void theWaitThatIsToldIsRoundedUpToMillis() {
        var limited = new TestChat(new ChatLimits(100, 10, 10, 10, 3, 2, Duration.ZERO));
        var eve = limited.connect().join("eve", "room");
        eve.send(line("eve", "room", "m1")).send(line("eve", "room", "m2"));

        var messages = eve.outlet().messages();
        assertThat(messages.get(messages.size() - 1).getRejected().getRetryAfterMillis())
                .isEqualTo(334);
    }
}

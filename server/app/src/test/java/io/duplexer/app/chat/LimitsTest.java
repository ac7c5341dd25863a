package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.leave;
import static io.duplexer.app.chat.Words.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts and rates below, at and above their limits, and what makes room again. */
final class LimitsTest {
    private static TestChat chat(int maxSessions, int maxRooms, int maxSubscriptions) {
        return new TestChat(new ChatLimits(1_000, maxSessions, maxRooms, maxSubscriptions, 0, 1, Duration.ZERO));
    }

    @Test
    void oneSessionMoreThanTheLimitIsRefusedUntilOneCloses() {
        var test = chat(3, 10, 10);
        test.connect();
        test.connect();
        var third = test.connect();
        assertThatThrownBy(test::connect).isInstanceOfSatisfying(ChatException.class, refusal -> {
            assertThat(refusal.problem()).isEqualTo(Problem.TOO_MANY);
            assertThat(refusal.reason()).isEqualTo("connections: this server has 3 already (expected: at most 3)");
        });
        assertThat(test.chat.sessionCount()).isEqualTo(3);

        third.session().close();
        test.connect();
        assertThat(test.chat.sessionCount()).isEqualTo(3);
    }

    @Test
    void oneRoomMoreThanTheLimitIsRefusedUntilOneIsEmpty() {
        var test = chat(10, 2, 10);
        var ann = test.connect().join("ann", "a").join("ann", "b");
        var bob = test.connect().join("bob", "c");
        assertThat(bob.outlet().take())
                .containsExactly("rejected 8 : room: 2 rooms have members already (expected: one of those)");
        bob.join("bob", "a");
        assertThat(bob.outlet().take()).as("a room that is there").hasSize(1);
        assertThat(test.chat.roomCount()).isEqualTo(2);

        ann.send(leave("b"));
        bob.join("bob", "c");
        assertThat(bob.outlet().take()).containsExactly("recovered false missed 0 head 0 [bob]");
        assertThat(test.chat.roomCount()).isEqualTo(2);
    }

    @Test
    void theLobbyIsOpenHoweverManyRoomsThereAre() {
        var test = chat(10, 1, 10);
        test.connect().join("ann", "a");
        var bob = test.connect().join("bob", "lobby");
        bob.join("bob", "b");

        assertThat(bob.outlet().words())
                .containsExactly(
                        "recovered false missed 0 head 0 [bob]",
                        "rejected 8 : room: 1 rooms have members already (expected: one of those)");
    }

    @RepeatedTest(20)
    void underSimultaneousArrivalsTheLimitsAreExact() {
        var test = chat(50, 20, 10);
        var admitted = IntStream.range(0, 200)
                .parallel()
                .mapToObj(number -> {
                    try {
                        return Stream.of(test.connect().join("u", "room" + number % 60));
                    } catch (ChatException refusal) {
                        return Stream.<TestChat.Client>empty();
                    }
                })
                .flatMap(client -> client)
                .toList();

        assertThat(admitted).hasSize(50);
        assertThat(test.chat.sessionCount()).isEqualTo(50);
        assertThat(test.chat.roomCount()).isLessThanOrEqualTo(20);
        admitted.forEach(client -> client.session().close());
        assertThat(test.chat.sessionCount()).isZero();
        assertThat(test.chat.roomCount()).isZero();
    }

    @Test
    void oneSubscriptionMoreThanTheLimitIsRefusedUntilOneIsLeft() {
        var test = chat(10, 10, 2);
        var ann = test.connect().join("ann", "a").join("ann", "b");
        ann.outlet().clear();
        ann.join("ann", "c");
        assertThat(ann.outlet().take())
                .containsExactly("rejected 8 : room: this connection is in 2 rooms already (expected: at most 2)");
        ann.join("ann", "b");
        assertThat(ann.outlet().take()).as("joining again is none more").hasSize(1);
        assertThat(test.chat.roomCount()).as("the refused one was not made").isEqualTo(2);

        ann.send(leave("a"));
        ann.outlet().clear();
        ann.join("ann", "c");
        assertThat(ann.outlet().words()).containsExactly("recovered false missed 0 head 0 [ann]");
    }

    @Test
    void theLobbyThatNobodyAskedForDoesNotCountBesideTheFirstJoin() {
        var test = chat(10, 10, 1);
        var ann = test.connect();
        ann.session().listen("");
        ann.join("ann", "room");

        assertThat(ann.outlet().words()).containsExactly("recovered false missed 0 head 0 [ann]");
    }

    @Test
    void aboveThePublishRateMessagesAreRejectedWithTheTimeToWait() {
        var test = new TestChat(new ChatLimits(1_000, 10, 10, 10, 10, 3, Duration.ZERO));
        var ann = test.connect().join("ann", "room");
        ann.outlet().clear();
        ann.send(line("ann", "room", "m1")).send(line("ann", "room", "m2")).send(line("ann", "room", "m3"));
        assertThat(ann.outlet().words())
                .containsExactly(
                        "#1",
                        "#2",
                        "rejected 8 m3: rate: too many messages on this connection (expected: at most 10 a second, 3 at"
                                + " once)");
        var retryAfterMillis = ann.outlet().messages().get(2).getRejected().getRetryAfterMillis();
        assertThat(retryAfterMillis).isEqualTo(101);

        test.nanoTime.addAndGet(Duration.ofMillis(retryAfterMillis).toNanos());
        ann.send(line("ann", "room", "m3"));
        assertThat(ann.outlet().words()).endsWith("#3");
    }

    @Test
    void theRateIsOfOneConnection() {
        var test = new TestChat(new ChatLimits(1_000, 10, 10, 10, 1, 2, Duration.ZERO));
        var ann = test.connect().join("ann", "room");
        var bob = test.connect().join("bob", "room");
        ann.send(line("ann", "room", "m1"));
        bob.send(line("bob", "room", "m1"));

        assertThat(bob.outlet().lines()).hasSize(2);
    }

    @ParameterizedTest(name = "{6}")
    @CsvSource({
        "0, 1, 1, 1, 0, 1, maxContentBytes: 0 (expected: >= 1)",
        "1, 0, 1, 1, 0, 1, maxSessions: 0 (expected: >= 1)",
        "1, 1, 0, 1, 0, 1, maxRooms: 0 (expected: >= 1)",
        "1, 1, 1, 0, 0, 1, maxSubscriptions: 0 (expected: >= 1)",
        "1, 1, 1, 1, -1, 1, publishRate: -1 (expected: >= 0)",
        "1, 1, 1, 1, 0, 0, publishBurst: 0 (expected: >= 1)",
    })
    void aLimitThatMakesNoSenseIsRefused(
            int content, int sessions, int rooms, int subscriptions, int rate, int burst, String text) {
        assertThatThrownBy(() -> new ChatLimits(content, sessions, rooms, subscriptions, rate, burst, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(text);
    }
}

package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.line;
import static io.duplexer.app.chat.Words.readHistory;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retentions;
import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.ReadHistoryRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading back in a room's history, as a member on a stream and as anybody by a call. */
final class PastTest {
    private final TestChat test = new TestChat();

    private HistoryPage read(ReadHistoryRequest.Builder request) {
        return test.chat.read(request.setRoom("room").build(), test.newRate()).join();
    }

    private static ReadHistoryRequest.Builder by(String userId) {
        return ReadHistoryRequest.newBuilder().setUserId(userId);
    }

    @ParameterizedTest(name = "of {0}, before {1}, at most {2}: {3}")
    @CsvSource({
        "0, 0, 0, nothing",
        "3, 0, 1, '#3 to #3, more'",
        "3, 0, 2, '#2 to #3, more'",
        "3, 0, 3, '#1 to #3'",
        "3, 0, 4, '#1 to #3'",
        "3, 3, 1, '#2 to #2, more'",
        "3, 3, 2, '#1 to #2'",
        "3, 1, 5, 'nothing'",
        "3, 99, 2, '#2 to #3, more'",
        "3, -1, 2, '#2 to #3, more'",
        "49, 0, 0, '#1 to #49'",
        "50, 0, 0, '#1 to #50'",
        "51, 0, 0, '#2 to #51, more'",
        "201, 0, 199, '#3 to #201, more'",
        "201, 0, 200, '#2 to #201, more'",
    })
    void theNewestBeforeAPlaceAndWhetherThereAreOlder(int stored, long before, int limit, String page) {
        test.publish("room", stored);
        var ann = test.connect().join("ann", "room");
        ann.outlet().clear();
        ann.send(readHistory("room", "h1", before, limit));

        assertThat(ann.outlet().words()).containsExactly("history h1: " + page);
        assertThat(Words.of(read(by("bob").setBefore(before).setLimit(limit)))).isEqualTo(page);
    }

    @Test
    void theAnswerNamesTheRoomTheUserAndTheQuestion() {
        test.publish("room", 1);
        var ann = test.connect().join("ann", "room");
        ann.outlet().clear();
        ann.send(readHistory("room", "h1", 0, 0));

        var answer = ann.outlet().messages().get(0);
        assertThat(answer.getRoom()).isEqualTo("room");
        assertThat(answer.getUserId()).isEqualTo("ann");
        assertThat(answer.getHistory().getMessagesList())
                .isEqualTo(test.history.after("room", 0, 1).join().messages());
    }

    @ParameterizedTest
    @CsvSource({"201", "-1"})
    void moreThanAPageMayHaveIsRefused(int limit) {
        var reason = "limit: " + Integer.toUnsignedString(limit) + " messages (expected: at most 200; 0 means 50)";
        var ann = test.connect().join("ann", "room");
        ann.outlet().clear();
        ann.send(readHistory("room", "h1", 0, limit));

        assertThat(ann.outlet().words()).containsExactly("rejected 3 h1: " + reason);
        assertThatThrownBy(() -> read(by("bob").setLimit(limit)))
                .hasCauseInstanceOf(ChatException.class)
                .hasMessageEndingWith(reason);
    }

    @Test
    void aCallerSaysWhoItIsAndWhichRoomItMeans() {
        assertThatThrownBy(() -> read(by(""))).hasMessageContaining("user_id: empty");
        assertThatThrownBy(() -> test.chat
                        .read(by("ann").setRoom("\n").build(), test.newRate())
                        .join())
                .hasMessageContaining("room: has a control character");
        test.publish("lobby", 1);
        assertThat(Words.of(test.chat.read(by("ann").build(), test.newRate()).join()))
                .isEqualTo("#1 to #1");
    }

    @ParameterizedTest(name = "messages of {0} and {1} bytes: {2}")
    @CsvSource({
        "131071, 131072, '#1 to #2'",
        "131072, 131072, '#1 to #2'",
        "131073, 131072, '#2 to #2, more'",
        "100, 262144, '#2 to #2, more'",
        "100, 262145, '#2 to #2, more'",
        "262145, 100, '#2 to #2, more'",
        "1000000, 300000, '#2 to #2, more'",
    })
    void aPageHasNoMoreThanItsBytesAndAtLeastOneMessage(int first, int second, String page) {
        var large = new TestChat(
                new MemoryHistory(Retentions.of(1, 10), Long.MAX_VALUE),
                new ChatLimits(2_000_000, 10, 10, 10, 0, 1, Duration.ZERO));
        publish(large, "m1", first);
        publish(large, "m2", second);

        var request = by("ann").setRoom("room").build();
        assertThat(Words.of(large.chat.read(request, large.newRate()).join())).isEqualTo(page);
    }

    /** Publishes a message that is stored in so many bytes. */
    private static void publish(TestChat test, String id, int bytes) {
        for (var content = bytes; ; content--) {
            var stored = line("zoe", "room", id).toBuilder()
                    .setContent("x".repeat(content))
                    .setTimestamp(TestChat.NOW_MILLIS)
                    .setSequence(1)
                    .setPreviousSequence(id.equals("m1") ? 0 : 1);
            if (stored.build().getSerializedSize() == bytes) {
                assertThat(test.chat.publish(stored.build(), test.newRate())).isCompleted();
                return;
            }
        }
    }

    @Test
    void readingCountsAgainstThePublishRate() {
        var limited = new TestChat(new ChatLimits(100, 10, 10, 10, 1, 2, Duration.ZERO));
        var eve = limited.connect().join("eve", "room");
        eve.outlet().clear();
        eve.send(readHistory("room", "h1", 0, 0)).send(readHistory("room", "h2", 0, 0));

        assertThat(eve.outlet().words()).hasSize(2).element(1).asString().startsWith("rejected 8 h2: rate:");
    }

    @Test
    void aHistoryThatCannotBeReadIsSaidAndTheClientStays() {
        var history = new ManualHistory();
        var broken = new TestChat(history);
        var ann = broken.connect().join("ann", "room");
        ann.outlet().clear();
        history.failReads(new IllegalStateException("broken on purpose"));
        ann.send(readHistory("room", "h1", 0, 0));

        assertThat(ann.outlet().words())
                .containsExactly("rejected 14 h1: history: it could not be read (expected: ask again later)");
        assertThat(ann.outlet().problem()).isNull();
    }
}

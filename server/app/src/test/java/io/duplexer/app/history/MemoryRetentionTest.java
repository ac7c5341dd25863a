package io.duplexer.app.history;

import static io.duplexer.app.history.Lines.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duplexer.chat.v1.Message;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a memory history keeps, and what it refuses. */
final class MemoryRetentionTest {
    private static final int PLENTY = 1_000_000;

    private static MemoryHistory history(int maxRooms, int maxMessagesPerRoom, long maxBytes) {
        return new MemoryHistory(Retentions.of(maxRooms, maxMessagesPerRoom), maxBytes);
    }

    private static List<Long> kept(History history, String room) {
        return history.after(room, 0, PLENTY).join().messages().stream()
                .map(Message::getSequence)
                .toList();
    }

    private static void append(History history, String room, int number) {
        append(history, line(room, number));
    }

    private static void append(History history, Message message) {
        assertThat(history.append(message).join().duplicate()).isFalse();
    }

    private static void appendLines(History history, String room, int count) {
        for (var number = 1; number <= count; number++) {
            append(history, room, number);
        }
    }

    @Test
    void theNewestOfEachRoomAreKept() {
        var history = history(PLENTY, 3, PLENTY);
        appendLines(history, "a", 2);
        assertThat(kept(history, "a")).as("below").containsExactly(1L, 2L);
        append(history, "a", 3);
        assertThat(kept(history, "a")).as("at the limit").containsExactly(1L, 2L, 3L);
        append(history, "a", 4);
        assertThat(kept(history, "a")).as("above").containsExactly(2L, 3L, 4L);

        appendLines(history, "b", 3);
        assertThat(kept(history, "a")).as("another room does not matter").hasSize(3);
    }

    @Test
    void theOldestOfAllRoomsGoWhenTheBytesAreUsedUp() {
        var size = (long)
                history(1, 1, PLENTY).append(line("a", 1)).join().message().getSerializedSize();
        // The first of a room names no sequence before it and is two bytes shorter.
        var history = history(PLENTY, PLENTY, 2 * size + (size + 2));
        append(history, "a", 1);
        append(history, "b", 1);
        append(history, "a", 2);
        assertThat(kept(history, "a")).as("at the limit").containsExactly(1L, 2L);

        append(history, "c", 1);
        assertThat(kept(history, "a")).as("above").containsExactly(2L);
        assertThat(kept(history, "b")).containsExactly(1L);

        append(history, "d", 1);
        assertThat(kept(history, "b")).isEmpty();
        assertThat(kept(history, "a")).containsExactly(2L);
    }

    @Test
    void theHeadOutlivesItsMessage() {
        var history = history(PLENTY, PLENTY, 60);
        appendLines(history, "a", 2);
        appendLines(history, "b", 2);

        assertThat(history.after("a", 0, 10).join()).isEqualTo(new Page(List.of(), 0, 2));
        assertThat(history.append(line("a", 3)).join().message().getPreviousSequence())
                .isEqualTo(2);
    }

    @ParameterizedTest(name = "after {0}: {1} messages in all")
    @CsvSource({"0, 4", "5, 4", "6, 4", "7, 3", "9, 1", "10, 0", "11, 0"})
    void totalsCountOnlyWhatIsKept(long after, long total) {
        var history = history(PLENTY, 4, PLENTY);
        appendLines(history, "a", 10);

        var page = history.after("a", after, 2).join();
        assertThat(page.total()).isEqualTo(total);
        assertThat(page.messages()).hasSize((int) Math.min(2, total));
        assertThat(page.head()).isEqualTo(10);
    }

    @ParameterizedTest(name = "before {0}: {1} messages in all")
    @CsvSource({"1, 0", "7, 0", "8, 1", "10, 3", "11, 4", "99, 4"})
    void totalsBackwardCountOnlyWhatIsKept(long before, long total) {
        var history = history(PLENTY, 4, PLENTY);
        appendLines(history, "a", 10);

        assertThat(history.before("a", before, 10).join().total()).isEqualTo(total);
    }

    @Test
    void aDroppedMessageSentAgainIsNew() {
        var history = history(PLENTY, 1, PLENTY);
        appendLines(history, "a", 2);

        assertThat(history.append(line("a", 2)).join().duplicate()).isTrue();
        assertThat(history.append(line("a", 1)).join().duplicate()).isFalse();
    }

    @Test
    void oneRoomMoreThanTheLimitIsRefusedAndNamed() {
        var history = history(2, PLENTY, PLENTY);
        appendLines(history, "a", 1);
        appendLines(history, "b", 1);

        assertThatThrownBy(() -> history.append(line("c", 1)).join())
                .hasCauseInstanceOf(HistoryFullException.class)
                .hasMessageContaining("room: c would be one more than the 2 rooms");
        assertThat(history.append(line("a", 2)).join().duplicate()).isFalse();
    }

    @Test
    void messagesThatAreTooOldGoWhenOneIsAdded() {
        var tenMillis = new Retention(PLENTY, PLENTY, Duration.ofMillis(10), Duration.ofDays(1));
        var history = new MemoryHistory(tenMillis, PLENTY);
        for (var millis : List.of(100, 105, 110)) {
            append(history, line("a", millis).toBuilder().setTimestamp(millis).build());
        }
        assertThat(kept(history, "a")).as("at the limit").containsExactly(1L, 2L, 3L);

        append(history, line("b", 1).toBuilder().setTimestamp(111).build());
        assertThat(kept(history, "a")).as("above").containsExactly(2L, 3L);
    }

    @Test
    void aRoomWhoseMessagesAreGoneMakesPlaceForAnother() {
        var size = (long)
                history(1, 1, PLENTY).append(line("a", 1)).join().message().getSerializedSize();
        var history = history(1, PLENTY, size);
        appendLines(history, "a", 1);
        assertThatThrownBy(() -> history.append(line("b", 1)).join()).hasMessageContaining("room: b");

        append(history, line("a", 2).toBuilder().setContent("x".repeat(100)).build());
        assertThat(kept(history, "a")).as("it is too large itself").isEmpty();
        append(history, "b", 1);
        assertThatThrownBy(() -> history.append(line("a", 3)).join()).hasMessageContaining("room: a");
    }

    @Test
    void aRoomThatIsForgottenGoesOnBehindAllThatWereForgotten() {
        var history = new MemoryHistory(new Retention(2, PLENTY, Duration.ofMillis(10), Duration.ofDays(1)), PLENTY);
        for (var number = 1; number <= 5; number++) {
            append(history, "a", number);
        }
        for (var room : List.of("b", "c", "d")) {
            var later = (room.charAt(0) - 'a') * 100;
            history.append(line(room, 1).toBuilder().setTimestamp(later).build())
                    .join();
        }
        // Remembered are b and c.
        assertThat(history.after("b", 0, 10).join().head()).isEqualTo(1);
        assertThat(history.after("a", 0, 10).join()).isEqualTo(new Page(List.of(), 0, 5));
        assertThat(history.after("never used", 0, 10).join().head()).isEqualTo(5);
        assertThat(history.beforeNewest("a", 10).join()).isEqualTo(5);

        var again = history.append(line("a", 9).toBuilder().setTimestamp(300).build());
        assertThat(again.join().message().getSequence()).isEqualTo(6);
        assertThat(again.join().message().getPreviousSequence()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0, 1, 'maxRooms: 0 (expected: > 0)'",
        "-1, 1, 0, 1, 'maxRooms: -1 (expected: > 0)'",
        "1, 0, 0, 1, 'maxMessagesPerRoom: 0 (expected: > 0)'",
        "1, 1, -1, 1, 'maxAge: PT-0.001S (expected: >= 0)'",
        "1, 1, 0, 0, 'duplicates: 0 (expected: > 0)'",
    })
    void everyLimitMakesSense(int maxRooms, int maxMessages, long maxAge, long duplicates, String text) {
        assertThatThrownBy(() ->
                        new Retention(maxRooms, maxMessages, Duration.ofMillis(maxAge), Duration.ofMillis(duplicates)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(text);
        assertThatThrownBy(() -> history(1, 1, 0)).hasMessage("maxBytes: 0 (expected: > 0)");
    }

    @Test
    void aPageHasNoMoreMessagesThanItsTotal() {
        assertThatThrownBy(() -> new Page(List.of(line("a", 1)), 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("total: 0 (expected: at least the page's 1 messages)");
    }
}

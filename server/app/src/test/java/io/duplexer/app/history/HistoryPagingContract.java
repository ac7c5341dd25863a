package io.duplexer.app.history;

import static io.duplexer.app.history.Lines.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine promises about reading. Places are counted from 1, for sequences may be sparse. */
abstract class HistoryPagingContract extends HistoryContract {
    /** The sequence of the message at {@code place}; the places before the first and after the last are virtual. */
    private static long sequence(List<Message> stored, int place) {
        if (place == 0) {
            return 0;
        }
        return place <= stored.size()
                ? stored.get(place - 1).getSequence()
                : stored.isEmpty() ? place : stored.get(stored.size() - 1).getSequence() + place - stored.size();
    }

    private static long head(List<Message> stored) {
        return sequence(stored, stored.size());
    }

    @ParameterizedTest(name = "of {0}, after {1}, at most {2}: {3} to {4}, total {5}")
    @CsvSource({
        "0, 0, 1, 1, 0, 0",
        "0, 1, 1, 1, 0, 0",
        "1, 0, 1, 1, 1, 1",
        "1, 1, 1, 1, 0, 0",
        "10, 0, 1, 1, 1, 10",
        "10, 0, 9, 1, 9, 10",
        "10, 0, 10, 1, 10, 10",
        "10, 0, 11, 1, 10, 10",
        "10, 4, 3, 5, 7, 6",
        "10, 4, 6, 5, 10, 6",
        "10, 4, 7, 5, 10, 6",
        "10, 9, 5, 10, 10, 1",
        "10, 10, 5, 1, 0, 0",
        "10, 11, 5, 1, 0, 0",
        "10, 99, 5, 1, 0, 0",
    })
    void afterReadsForward(int size, int after, int limit, int first, int last, int total) {
        appendLines("other", 3);
        var stored = appendLines("a", size);

        assertThat(history.after("a", sequence(stored, after), limit).join())
                .isEqualTo(new Page(stored.subList(first - 1, Math.max(first - 1, last)), total, head(stored)));
    }

    @ParameterizedTest(name = "of {0}, before {1}, at most {2}: {3} to {4}, total {5}")
    @CsvSource({
        "0, 1, 1, 1, 0, 0",
        "1, 1, 1, 1, 0, 0",
        "1, 2, 1, 1, 1, 1",
        "10, 11, 1, 10, 10, 10",
        "10, 11, 9, 2, 10, 10",
        "10, 11, 10, 1, 10, 10",
        "10, 11, 11, 1, 10, 10",
        "10, 99, 3, 8, 10, 10",
        "10, 5, 2, 3, 4, 4",
        "10, 5, 4, 1, 4, 4",
        "10, 5, 5, 1, 4, 4",
        "10, 2, 5, 1, 1, 1",
        "10, 1, 5, 1, 0, 0",
        "10, 0, 5, 1, 0, 0",
    })
    void beforeReadsBackwardInAscendingOrder(int size, int before, int limit, int first, int last, int total) {
        appendLines("other", 3);
        var stored = appendLines("a", size);

        assertThat(history.before("a", sequence(stored, before), limit).join())
                .isEqualTo(new Page(stored.subList(first - 1, Math.max(first - 1, last)), total, head(stored)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 1000})
    void beforeTheGreatestNumberAreTheNewest(int limit) {
        var stored = appendLines("a", 10);

        assertThat(history.before("a", Long.MAX_VALUE, limit).join())
                .isEqualTo(new Page(stored.subList(Math.max(0, 10 - limit), 10), 10, head(stored)));
    }

    @ParameterizedTest(name = "of {0} the newest {1} begin after {2}")
    @CsvSource({"0, 0, 0", "0, 5, 0", "10, 0, 10", "10, 1, 9", "10, 9, 1", "10, 10, 0", "10, 11, 0"})
    void theNewestBeginAfterTheOneBeforeThem(int size, int count, int place) {
        appendLines("other", 3);
        var stored = appendLines("a", size);

        assertThat(history.beforeNewest("a", count).join()).isEqualTo(sequence(stored, place));
    }

    @ParameterizedTest(name = "messages of {0}, {1} and {2} bytes: {3} forward, {4} backward")
    @CsvSource({
        "87381, 87381, 87382, 3, 3",
        "87382, 87381, 87382, 2, 2",
        "100, 262044, 100, 2, 2",
        "100, 262045, 100, 1, 1",
        "262145, 100, 100, 1, 2",
        "300000, 300000, 300000, 1, 1",
    })
    void aPageIsFullWithAQuarterMebibyteAndHasOneMessageAtLeast(
            int first, int second, int third, int forward, int backward) {
        var stored = List.of(ofBytes(1, first), ofBytes(2, second), ofBytes(3, third));

        assertThat(history.after("a", 0, 10).join()).isEqualTo(new Page(stored.subList(0, forward), 3, head(stored)));
        assertThat(history.before("a", Long.MAX_VALUE, 10).join())
                .isEqualTo(new Page(stored.subList(3 - backward, 3), 3, head(stored)));
    }

    /** Appends a message that is stored in {@code bytes}, or in as few as can be. */
    private Message ofBytes(int number, int bytes) {
        for (var content = bytes; ; content--) {
            var line = line("a", number).toBuilder().setContent("x".repeat(Math.max(1, content)));
            // The sequences that it will be given take as many bytes in every engine: they are below 128.
            var size = line.clone()
                    .setSequence(1)
                    .setPreviousSequence(number == 1 ? 0 : 1)
                    .build()
                    .getSerializedSize();
            if (size <= bytes || content <= 1) {
                return append(line.build());
            }
        }
    }

    @Test
    void pagesForwardMeetWithoutGapOrOverlap() {
        var stored = appendLines("a", 100);
        var read = new ArrayList<Message>();
        for (var page = history.after("a", 0, 7).join();
                !page.messages().isEmpty();
                page = history.after("a", read.get(read.size() - 1).getSequence(), 7)
                        .join()) {
            assertThat(page.total()).isEqualTo(100 - read.size());
            read.addAll(page.messages());
        }
        assertThat(read).isEqualTo(stored);
    }

    @Test
    void aPageDoesNotChangeAfterwards() {
        appendLines("a", 2);
        var page = history.after("a", 0, 10).join();
        append(line("a", 3));

        assertThat(page.messages()).hasSize(2);
    }

    @Test
    void aRoomWithoutMessagesReadsEmpty() {
        assertThat(history.after("nowhere", 0, 5).join()).isEqualTo(new Page(List.of(), 0, 0));
        assertThat(history.before("nowhere", Long.MAX_VALUE, 5).join()).isEqualTo(new Page(List.of(), 0, 0));
    }
}

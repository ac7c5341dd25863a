package io.duplexer.app.history;

import static io.duplexer.app.history.Lines.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duplexer.chat.v1.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine promises about appending and its tail. */
abstract class HistoryContract {
    @SuppressWarnings("NullAway.Init") // Set before each test.
    History history;

    /** An empty log with room for everything that the tests of the contract append. */
    abstract History open();

    @BeforeEach
    final void openHistory() {
        history = open();
    }

    @AfterEach
    final void closeHistory() {
        history.close();
    }

    final Message append(Message message) {
        return history.append(message).join().message();
    }

    final List<Message> appendLines(String room, int count) {
        var stored = new ArrayList<Message>();
        for (var number = 1; number <= count; number++) {
            stored.add(append(line(room, number)));
        }
        return stored;
    }

    @Test
    void sequencesIncreaseAndEachNamesTheOneBefore() {
        var before = 0L;
        for (var stored : appendLines("a", 5)) {
            assertThat(stored.getSequence()).isPositive().isGreaterThan(before);
            assertThat(stored.getPreviousSequence()).isEqualTo(before);
            before = stored.getSequence();
        }
    }

    @Test
    void eachRoomHasItsOwnChain() {
        var inA = appendLines("a", 1).get(0);
        var inB = appendLines("b", 1).get(0);

        assertThat(inA.getPreviousSequence()).isZero();
        assertThat(inB.getPreviousSequence()).isZero();
        assertThat(append(line("a", 2)).getPreviousSequence()).isEqualTo(inA.getSequence());
    }

    @Test
    void everythingButTheSequencesIsStoredAsItCame() {
        var message = line("a", 1).toBuilder().setTimestamp(1234).setContent("\uD83D\uDE00 \n");
        var stored = append(message.setSequence(77).setPreviousSequence(76).build());

        assertThat(stored.getSequence()).isNotEqualTo(77);
        assertThat(stored.getPreviousSequence()).isZero();
        assertThat(stored.toBuilder().clearSequence().build())
                .isEqualTo(message.clearSequence().clearPreviousSequence().build());
    }

    @Test
    void theSameRoomUserAndIdReturnsTheFirstMessageMarked() {
        var first = history.append(line("a", "ann", "m1")).join();
        var second = history.append(line("a", "ann", "m1").toBuilder()
                        .setContent("another")
                        .setTimestamp(9)
                        .build())
                .join();

        assertThat(first.duplicate()).isFalse();
        assertThat(second).isEqualTo(new Appended(first.message(), true));
        assertThat(history.after("a", 0, 10).join().messages()).containsExactly(first.message());
    }

    @Test
    void anotherRoomUserOrIdIsAnotherMessage() {
        for (var message : List.of(
                line("a", "ann", "m1"), line("a", "ann", "m2"), line("a", "bob", "m1"), line("b", "ann", "m1"))) {
            assertThat(history.append(message).join().duplicate()).isFalse();
        }
    }

    @Test
    void theTailHasEachNewMessageBeforeItsAppendCompletes() {
        var tail = Collections.synchronizedList(new ArrayList<Message>());
        history.tail(tail::add);
        for (var number = 1; number <= 5; number++) {
            var stored = append(line("a", number));
            assertThat(tail).hasSize(number).endsWith(stored);
        }
        append(line("a", 1));
        assertThat(tail).as("a duplicate is not new").hasSize(5);
    }

    @Test
    void whatTheTailBringsCanBeReadAlready() {
        var reads = Collections.synchronizedList(new ArrayList<CompletableFuture<Page>>());
        history.tail(message -> reads.add(history.after("a", message.getPreviousSequence(), 1)));
        var stored = appendLines("a", 3);

        assertThat(reads).extracting(read -> read.join().messages().get(0)).isEqualTo(stored);
    }

    @Test
    void theEpochStaysTheSameAndDiffersFromOthers() {
        assertThat(history.epoch()).isNotEmpty().isEqualTo(history.epoch());
        try (var other = open()) {
            assertThat(other.epoch()).isNotEqualTo(history.epoch());
        }
    }

    @Test
    void aClosedHistoryRefusesToAppend() {
        history.close();

        assertThatThrownBy(() -> history.append(line("a", 1)).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingTwiceIsClosingOnce() {
        history.close();
        history.close();
    }
}

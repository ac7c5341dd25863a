package io.duplexer.app.history.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.chat.v1.Message;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of the newest messages is in memory, of one room and of all. */
final class TailsTest {
    private static final int ALL = 10_000;

    private static StoredRoom room(int id, int messages, int contentBytes) {
        var room = new StoredRoom(id, "room" + id, 1, 0);
        IntStream.rangeClosed(1, messages)
                .mapToObj(number -> Message.newBuilder()
                        .setSequence(number)
                        .setContent("x".repeat(contentBytes))
                        .build())
                .forEach(room::add);
        return room;
    }

    /** The oldest message of which the room need not be read; 0 if there is none. */
    private static int oldestInMemory(StoredRoom room) {
        for (var sequence = (int) room.head(); sequence > 0; sequence--) {
            if (room.after(sequence - 1, ALL) == null) {
                return sequence == room.head() ? 0 : sequence + 1;
            }
        }
        return 1;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 10, 1",
        "999, 10, 1",
        "1000, 10, 1",
        "1001, 10, 2",
        "3000, 10, 2001",
    })
    void aRoomHasItsNewestThousand(int messages, int bytes, int oldest) {
        assertThat(oldestInMemory(room(1, messages, bytes))).isEqualTo(oldest);
    }

    @Test
    void aRoomHasNoMoreThanItsBytesAndTheNewestAtAnyRate() {
        var room = room(1, 100, 60_000);

        assertThat(room.tailBytes()).isLessThanOrEqualTo(StoredRoom.TAIL_BYTES);
        assertThat(oldestInMemory(room)).isEqualTo(97);
        assertThat(oldestInMemory(room(2, 2, 2 * StoredRoom.TAIL_BYTES))).isEqualTo(2);
    }

    @Test
    void theRoomThatWasUsedLongestAgoLosesItsOwnFirst() {
        var first = room(1, 10, 1_000);
        var second = room(2, 10, 1_000);
        var third = room(3, 10, 1_000);
        var tails = new TailMemory(2L * first.tailBytes());
        tails.used(first);
        tails.used(second);
        assertThat(tails.bytes()).isEqualTo(2L * first.tailBytes());
        tails.used(first);
        tails.used(third);

        assertThat(oldestInMemory(first)).isEqualTo(1);
        assertThat(oldestInMemory(second)).isZero();
        assertThat(oldestInMemory(third)).isEqualTo(1);
        assertThat(tails.bytes()).isEqualTo(2L * first.tailBytes());
    }

    @Test
    void aRoomThatGrowsCountsOnce() {
        var room = room(1, 10, 1_000);
        var tails = new TailMemory(1_000_000);
        tails.used(room);
        tails.used(room);
        assertThat(tails.bytes()).isEqualTo(room.tailBytes());

        tails.forget(room);
        tails.forget(room);
        assertThat(tails.bytes()).isZero();
        assertThat(oldestInMemory(room)).isZero();
    }
}

package io.duplexer.app.chat;

import static io.duplexer.app.chat.Words.line;
import static io.duplexer.app.chat.Words.resume;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.app.history.History;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a client left off, against what the history still has: either exactly the missed, or a plain no. */
abstract class ResumeTable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A history that has had so many messages in {@code room}, and has the newest of them still. */
    abstract History published(int count, int kept) throws Exception;

    /** A history that has had so many messages in {@code room}, and has none of them any more. */
    abstract History emptied(int count) throws Exception;

    /** Joins as Ann, and has one message more published then. */
    private static RecordingOutlet join(TestChat test, Join join) {
        var ann = test.connect();
        assertThat(ann.session().receive(Words.join("ann", "room", join))).succeedsWithin(PATIENCE);
        assertThat(test.chat.publish(line("zoe", "room", "last"), test.newRate()))
                .succeedsWithin(PATIENCE);
        return ann.outlet();
    }

    @ParameterizedTest(name = "{0} published, {1} kept, resume from {2} of {3} epoch, else {4}: {5}, {6} missed")
    @CsvSource({
        // published, kept, offset, epoch, history wanted -> recovered, missed
        "0, 100, 0, this, 0, true, 0",
        "0, 100, 1, this, 0, false, 0",
        "1, 100, 0, this, 0, true, 1",
        "1, 100, 1, this, 0, true, 0",
        "1, 100, 2, this, 0, false, 0",
        "10, 100, 0, this, 0, true, 10",
        "10, 100, 1, this, 0, true, 9",
        "10, 100, 9, this, 0, true, 1",
        "10, 100, 10, this, 0, true, 0",
        "10, 100, 11, this, 0, false, 0",
        "10, 100, 11, this, 4, false, 4",
        "10, 100, -1, this, 4, false, 4",
        "10, 100, -9223372036854775808, this, 0, false, 0",
        // A resume point that can be honoured wins over the history that is asked for besides.
        "10, 100, 8, this, 5, true, 2",
        "10, 100, 10, this, 5, true, 0",
        // Another epoch.
        "0, 100, 0, other, 0, false, 0",
        "10, 100, 0, other, 0, false, 0",
        "10, 100, 5, other, 0, false, 0",
        "10, 100, 5, other, 3, false, 3",
        "10, 100, 10, other, 20, false, 10",
        // Retention has taken 1 to 10.
        "20, 10, 0, this, 0, false, 0",
        "20, 10, 9, this, 0, false, 0",
        "20, 10, 9, this, 20, false, 10",
        "20, 10, 10, this, 0, true, 10",
        "20, 10, 11, this, 0, true, 9",
        "20, 10, 20, this, 0, true, 0",
        "20, 10, 21, this, 0, false, 0",
        // More than one page of the history.
        "127, 1000, 0, this, 0, true, 127",
        "128, 1000, 0, this, 0, true, 128",
        "129, 1000, 0, this, 0, true, 129",
        "256, 1000, 0, this, 0, true, 256",
        "257, 1000, 0, this, 0, true, 257",
        "1000, 1000, 1, this, 0, true, 999",
        "1000, 500, 500, this, 0, true, 500",
        "1000, 500, 499, this, 0, false, 0",
    })
    void exactlyTheMissedOrAPlainNo(
            int published, int kept, long offset, String epoch, int wanted, boolean recovered, int missed)
            throws Exception {
        try (var history = published(published, kept)) {
            var join = resume(epoch.equals("this") ? history.epoch() : epoch, offset);

            var ann = join(
                    new TestChat(history),
                    Join.newBuilder(join).setHistory(wanted).build());

            assertThat(ann.words().get(0))
                    .isEqualTo("recovered " + recovered + " missed " + missed + " head " + published + " [ann]");
            assertThat(ann.lines())
                    .extracting(Message::getSequence)
                    .containsExactlyElementsOf(LongStream.rangeClosed(published - missed + 1, published + 1)
                            .boxed()
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "5", "10"})
    void aRoomWhoseMessagesAreAllDroppedRecoversOnlyFromItsHead(long offset) throws Exception {
        try (var history = emptied(10)) {
            var ann = join(new TestChat(history), resume(history.epoch(), offset));

            assertThat(ann.words()).containsExactly("recovered " + (offset == 10) + " missed 0 head 10 [ann]", "#11");
        }
    }
}

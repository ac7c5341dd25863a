package io.duplexer.app.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.duplexer.chat.v1.Joined;
import io.duplexer.chat.v1.Message;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each field of a message below, at and above its limit, and in what words it is refused. */
final class MessageRulesTest {
    private static final int MAX_CONTENT_BYTES = 10;
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    private final MessageRules rules = new MessageRules(MAX_CONTENT_BYTES, InstantSource.fixed(NOW));

    private static Message.Builder valid() {
        return Message.newBuilder()
                .setUserId("ann")
                .setContent("hello")
                .setRoom("room")
                .setId("m1");
    }

    private static Message with(String field, String value) {
        var descriptor = Message.getDescriptor().findFieldByName(field);
        return valid().setField(descriptor, value).build();
    }

    private static Stream<Arguments> accepted() {
        return Stream.of("user_id", "room", "id")
                .flatMap(field -> Stream.of("a", "a".repeat(127), "a".repeat(128), "\u00fc".repeat(64), "a b", "\u200d")
                        .map(value -> Arguments.of(field, value)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("accepted")
    void aNameWithinTheLimitIsKeptAsItIs(String field, String value) {
        var descriptor = Message.getDescriptor().findFieldByName(field);

        assertThat(rules.check(with(field, value)).getField(descriptor)).isEqualTo(value);
    }

    private static Stream<Arguments> refused() {
        var names = Stream.of("user_id", "room", "id")
                .flatMap(field -> Stream.of(
                        Arguments.of(field, "a".repeat(129), "129 bytes (expected: at most 128 bytes of UTF-8)"),
                        Arguments.of(
                                field, "\u00fc".repeat(64) + "a", "129 bytes (expected: at most 128 bytes of UTF-8)"),
                        Arguments.of(
                                field, "\uD83D\uDE00".repeat(33), "132 bytes (expected: at most 128 bytes of UTF-8)"),
                        Arguments.of(field, "a".repeat(100_000), "100000 bytes (expected: at most 128 bytes of UTF-8)"),
                        Arguments.of(field, "a\nb", "has a control character (expected: none)"),
                        Arguments.of(field, "\u0000", "has a control character (expected: none)"),
                        Arguments.of(field, "a\u007f", "has a control character (expected: none)"),
                        Arguments.of(field, "\u0085", "has a control character (expected: none)")));
        return Stream.concat(
                names,
                Stream.of(
                        Arguments.of("user_id", "", "empty (expected: 1 to 128 bytes of UTF-8)"),
                        Arguments.of("content", "", "empty (expected: 1 to 10 bytes of UTF-8)"),
                        Arguments.of("content", "a".repeat(11), "11 bytes (expected: 1 to 10 bytes of UTF-8)"),
                        Arguments.of("content", "\u00fc".repeat(6), "12 bytes (expected: 1 to 10 bytes of UTF-8)")));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("refused")
    void whatIsRefusedIsNamedWithWhatIsExpected(String field, String value, String reason) {
        assertThatThrownBy(() -> rules.check(with(field, value)))
                .isInstanceOfSatisfying(ChatException.class, refusal -> {
                    assertThat(refusal.problem()).isEqualTo(Problem.INVALID_ARGUMENT);
                    assertThat(refusal.reason()).isEqualTo(field + ": " + reason);
                    assertThat(refusal.retryAfter()).isZero();
                });
    }

    @ParameterizedTest
    @MethodSource("contents")
    void contentIsCountedInBytesAndMayBeAnything(String content) {
        assertThat(rules.check(with("content", content)).getContent()).isEqualTo(content);
    }

    private static Stream<String> contents() {
        return Stream.of(
                "a", "a".repeat(9), "a".repeat(10), "\u00fc".repeat(5), "\uD83D\uDE00\uD83D\uDE00", " ", "\n\t\u0000");
    }

    @Test
    void anEventIsNoChatMessage() {
        var event = valid().setJoined(Joined.getDefaultInstance()).build();

        assertThatThrownBy(() -> rules.check(event)).hasMessage("event: joined (expected: none)");
    }

    @Test
    void anEmptyRoomIsTheLobby() {
        assertThat(rules.check(with("room", "")).getRoom()).isEqualTo("lobby");
    }

    @Test
    void anEmptyIdIsGivenAndUnique() {
        var ids = new HashSet<String>();
        for (var i = 0; i < 10_000; i++) {
            assertThat(ids.add(rules.check(with("id", "")).getId())).isTrue();
        }
        assertThat(ids).allSatisfy(id -> assertThat(id).isNotEmpty().hasSizeLessThan(128));
    }

    @Test
    void anIdThatIsGivenComesAfterThoseOfTheMillisecondsBefore() {
        var ids = new ArrayList<String>();
        for (var millis : new long[] {1, 2, 255, 256, NOW.toEpochMilli(), NOW.toEpochMilli() + 1, (1L << 48) - 1}) {
            var then = new MessageRules(MAX_CONTENT_BYTES, InstantSource.fixed(Instant.ofEpochMilli(millis)));
            ids.add(then.check(with("id", "")).getId());
        }
        assertThat(ids).isSorted();
    }

    @Test
    void whatIsTheServersToSayIsNotTakenFromTheClient() {
        var message = valid().setTimestamp(5)
                .setSequence(7)
                .setPreviousSequence(6)
                .setDuplicate(true)
                .build();

        assertThat(rules.check(message))
                .isEqualTo(valid().setTimestamp(NOW.toEpochMilli()).build());
    }

    @Test
    void aFieldThatNobodyKnowsIsNotKept() {
        var padding = UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFrom(new byte[1_000_000]));
        var unknown = UnknownFieldSet.newBuilder().addField(99, padding.build());

        assertThat(rules.check(valid().setUnknownFields(unknown.build()).build()))
                .isEqualTo(valid().setTimestamp(NOW.toEpochMilli()).build());
    }
}

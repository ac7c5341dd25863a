package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.duplexer.app.transport.JsonReader.MalformedJsonException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not taken for a message, in what words, and what is known of it all the same. */
final class JsonReaderRefusalsTest {
    private static MalformedJsonException refusal(String json) {
        return catchThrowableOfType(MalformedJsonException.class, () -> JsonReader.read(json));
    }

    @ParameterizedTest(name = "<{0}>")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // not an object
                "``                       | message: nothing (expected: an object)",
                "` `                      | message: nothing (expected: an object)",
                "null                     | message: null (expected: an object)",
                "5                        | message: 5 (expected: an object)",
                "\"{}\"                   | message: {} (expected: an object)",
                "[]                       | message: [ (expected: an object)",
                // wrong types
                "{\"id\":5}               | id: 5 (expected: a string)",
                "{\"id\":true}            | id: true (expected: a string)",
                "{\"id\":[\"m1\"]}        | id: [ (expected: a string)",
                "{\"content\":{}}         | content: { (expected: a string)",
                "{\"duplicate\":1}        | duplicate: 1 (expected: true or false)",
                "{\"duplicate\":\"true\"} | duplicate: true (expected: true or false)",
                "{\"join\":true}          | join: true (expected: an object)",
                "{\"join\":[]}            | join: [ (expected: an object)",
                "{\"typing\":\"yes\"}     | typing: yes (expected: an object)",
                "{\"join\":{\"resume\":5}} | resume: 5 (expected: an object)",
                "{\"recovered\":{\"members\":\"ann\"}} | members: ann (expected: an array)",
                "{\"recovered\":{\"members\":[5]}}    | members: 5 (expected: a string)",
                "{\"recovered\":{\"members\":[null]}} | members: null (expected: a string)",
                // numbers
                "{\"timestamp\":1.5}      | timestamp: 1.5 (expected: an integer from -9223372036854775808 to 9223372036854775807)",
                "{\"timestamp\":true}     | timestamp: true (expected: an integer from -9223372036854775808 to 9223372036854775807)",
                "{\"timestamp\":\"\"}     | timestamp:  (expected: an integer from -9223372036854775808 to 9223372036854775807)",
                "{\"timestamp\":\"now\"}  | timestamp: now (expected: an integer from -9223372036854775808 to 9223372036854775807)",
                "{\"timestamp\":9223372036854775808} | timestamp: 9223372036854775808 (expected: an integer from -9223372036854775808 to 9223372036854775807)",
                "{\"sequence\":-1}        | sequence: -1 (expected: an integer from 0 to 9223372036854775807)",
                "{\"sequence\":1e400}     | sequence: 1e400 (expected: an integer from 0 to 9223372036854775807)",
                "{\"sequence\":1e999999999} | sequence: 1e999999999 (expected: an integer from 0 to 9223372036854775807)",
                "{\"sequence\":1e-999999999} | sequence: 1e-999999999 (expected: an integer from 0 to 9223372036854775807)",
                "{\"sequence\":\"1e99999999999\"} | sequence: 1e99999999999 (expected: an integer from 0 to 9223372036854775807)",
                "{\"join\":{\"history\":-1}}         | history: -1 (expected: an integer from 0 to 4294967295)",
                "{\"join\":{\"history\":4294967296}} | history: 4294967296 (expected: an integer from 0 to 4294967295)",
                "{\"rejected\":{\"code\":2147483648}} | code: 2147483648 (expected: an integer from -2147483648 to 2147483647)",
                // fields
                "{\"typing\":{\"x\":1}}   | x: unknown field (expected: )",
                "{\"join\":{\"from\":1}}  | from: unknown field (expected: history, resume)",
                "{\"Id\":\"m1\"}          | Id: unknown field (expected: id, user_id, content, timestamp, room, sequence, previous_sequence, duplicate, join, joined, left, typing, rejected, recovered, read_history, history)",
                "{\"user_id\":\"a\",\"userId\":\"b\"} | user_id: twice (expected: one spelling of the name)",
                "{\"rejected\":{\"retryAfterMillis\":1,\"retry_after_millis\":1}} | retry_after_millis: twice (expected: one spelling of the name)",
                "{\"recovered\":{\"memberCount\":1,\"member_count\":1}} | member_count: twice (expected: one spelling of the name)",
                "{\"join\":{},\"left\":{}} | left: beside join (expected: one event)",
                // more than an object
                "{}{}                     | message: text after the object (expected: one JSON object a frame)",
                "{} 5                     | message: text after the object (expected: one JSON object a frame)",
                // Unicode
                "{\"content\":\"\\uD83D\"}       | content: half a surrogate pair (expected: Unicode text)",
                "{\"content\":\"\\uDE00\\uD83D\"} | content: half a surrogate pair (expected: Unicode text)",
            })
    void whatIsWrongIsNamedWithWhatIsExpected(String json, String text) {
        assertThat(refusal(json)).hasMessage(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"id\"",
                "{\"id\":",
                "{\"id\":\"m1",
                "{\"id\":\"m1\"",
                "{\"id\":\"m1\",}",
                "{\"id\":\"m1\" \"room\":\"r\"}",
                "{'id':'m1'}",
                "{id:\"m1\"}",
                "{\"id\":NaN}",
                "{\"timestamp\":01}",
                "{\"timestamp\":+1}",
                "{\"timestamp\":.5}",
                "{\"content\":\"a\nb\"}",
                "{\"content\":\"\\x\"}",
                "{} }",
                "{} x",
                "hello",
                "// {}",
                "{\"recovered\":{\"members\":[\"a\"",
                "{\"id\":\"m1\",\"id\":\"m2\"}",
                "{\"join\":{\"history\":1,\"history\":1}}",
            })
    void whatIsNotJsonIsCalledSo(String json) {
        assertThat(refusal(json))
                .hasMessageStartingWith("message: not JSON: ")
                .hasMessageEndingWith(" (expected: one object)");
    }

    @Test
    void whatIsTooDeepOrTooLongForItsKindIsRefused() {
        assertThatThrownBy(() -> JsonReader.read("{\"join\":".repeat(10_000)))
                .isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> JsonReader.read("{\"timestamp\":" + "9".repeat(1_000_000) + "}"))
                .isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> JsonReader.read("{\"timestamp\":\"" + "9".repeat(1_000_000) + "\"}"))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("9".repeat(32) + "... (expected");
        assertThatThrownBy(() -> JsonReader.read("{\"" + "x".repeat(1_000_000) + "\":1}"))
                .isInstanceOf(MalformedJsonException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
    }

    @ParameterizedTest(name = "<{0}>")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":\"m1\",\"content\":5}                       | m1 | ``  | ``",
                "{\"content\":5,\"id\":\"m1\"}                       | m1 | ``  | ``",
                "{\"room\":\"r\",\"content\":5,\"user_id\":\"ann\"}  | `` | ann | r",
                "{\"join\":{\"id\":\"x\"},\"userId\":\"ann\",\"room\":\"r\"} | `` | ann | r",
                "{\"what\":[{\"id\":\"x\"}],\"id\":\"m1\"}           | m1 | ``  | ``",
                "{\"id\":5,\"room\":\"r\"}                           | `` | ``  | r",
                "{\"id\":\"m1\",\"content\":\"half                   | m1 | ``  | ``",
                "{\"id\":\"m1\"} and more                            | m1 | ``  | ``",
                "{\"id\":\"m1\",\"id\":\"m2\",\"room\":\"r\"}        | m1 | ``  | ``",
                "[\"id\",\"m1\"]                                     | `` | ``  | ``",
                "hello                                               | `` | ``  | ``",
                "``                                                  | `` | ``  | ``",
            })
    void whoseMessageItWasIsReadAllTheSame(String json, String id, String userId, String room) {
        var address = refusal(json).address();

        assertThat(address.getId()).isEqualTo(id);
        assertThat(address.getUserId()).isEqualTo(userId);
        assertThat(address.getRoom()).isEqualTo(room);
        assertThat(address.getContent()).isEmpty();
    }
}

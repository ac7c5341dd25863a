package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.duplexer.chat.v1.Message;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How messages are written: the article's field names, numbers as JavaScript has them. */
final class JsonWriterTest {
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                      | {}",
                "id: \"m1\"              | {\"id\":\"m1\"}",
                "user_id: \"ann\"        | {\"user_id\":\"ann\"}",
                "content: \"hi\"         | {\"content\":\"hi\"}",
                "room: \"r\"             | {\"room\":\"r\"}",
                "timestamp: 1700000000000              | {\"timestamp\":1700000000000}",
                "timestamp: -1                         | {\"timestamp\":-1}",
                "sequence: 9223372036854775807         | {\"sequence\":9223372036854775807}",
                "sequence: 2 previous_sequence: 1      | {\"sequence\":2,\"previous_sequence\":1}",
                "duplicate: true                       | {\"duplicate\":true}",
                "join {}                               | {\"join\":{}}",
                "join { history: 4294967295 }          | {\"join\":{\"history\":4294967295}}",
                "join { resume { epoch: \"e\" sequence: 5 } } | {\"join\":{\"resume\":{\"epoch\":\"e\",\"sequence\":5}}}",
                "joined {}                             | {\"joined\":{}}",
                "left {}                               | {\"left\":{}}",
                "typing {}                             | {\"typing\":{}}",
                "rejected { code: 3 reason: \"r\" retry_after_millis: 4000000000 } | {\"rejected\":{\"code\":3,\"reason\":\"r\",\"retry_after_millis\":4000000000}}",
                "recovered { recovered: true missed: 1 epoch: \"e\" sequence: 2 members: [\"a\", \"b\"] member_count: 2 } | {\"recovered\":{\"recovered\":true,\"missed\":1,\"epoch\":\"e\",\"sequence\":2,\"members\":[\"a\",\"b\"],\"member_count\":2}}",
                "read_history { before: 9223372036854775807 limit: 4294967295 } | {\"read_history\":{\"before\":9223372036854775807,\"limit\":4294967295}}",
                "history {}                            | {\"history\":{}}",
                "history { messages { id: \"m1\" sequence: 1 } messages { joined {} } more: true } | {\"history\":{\"messages\":[{\"id\":\"m1\",\"sequence\":1},{\"joined\":{}}],\"more\":true}}",
            })
    void everyFieldIsWrittenByItsName(String message, String json) throws Exception {
        assertThat(JsonWriter.write(TextFormat.parse(message, Message.class))).isEqualTo(json);
    }

    private static Stream<Message> messages() throws TextFormat.ParseException {
        return Stream.of(
                        "id: \"m1\" user_id: \"ann\" content: \"hi\" timestamp: 5 room: \"r\" sequence: 2 previous_sequence: 1",
                        "duplicate: true sequence: 9223372036854775807 timestamp: -9223372036854775808",
                        "user_id: \"ann\" join { history: 4294967295 resume { epoch: \"e\" sequence: 5 } }",
                        "joined {}",
                        "left {}",
                        "typing {}",
                        "id: \"m1\" rejected { code: -2147483648 reason: \"\" retry_after_millis: 4294967295 }",
                        "recovered { recovered: true missed: 7 epoch: \"e\" sequence: 9 members: [\"a\", \"\", \"b\"] member_count: 3 }",
                        "read_history { before: 5 limit: 200 }",
                        "id: \"h1\" history { messages { id: \"m1\" content: \"\\n\" sequence: 1 } messages { sequence: 2 previous_sequence: 1 } more: true }")
                .map(JsonWriterTest::parse);
    }

    private static Message parse(String text) {
        try {
            return TextFormat.parse(text, Message.class);
        } catch (TextFormat.ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsWrittenIsReadAsTheSame(Message message) throws Exception {
        assertThat(JsonReader.read(JsonWriter.write(message))).isEqualTo(message);
    }

    @Test
    void textOfEveryKindIsReadAsTheSame() throws Exception {
        var text = new StringBuilder("\uD83D\uDE00\u2028\u2029\uFEFF\uFFFF</script>");
        for (var c = 0; c < 0x100; c++) {
            text.append((char) c);
        }
        var message = Message.newBuilder().setContent(text.toString()).build();
        var json = JsonWriter.write(message);

        assertThat(json).doesNotContainPattern("[\\x00-\\x1f]").contains("\uD83D\uDE00");
        assertThat(JsonReader.read(json)).isEqualTo(message);
    }
}

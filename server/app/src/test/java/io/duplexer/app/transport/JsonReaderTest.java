package io.duplexer.app.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import io.duplexer.app.transport.JsonReader.MalformedJsonException;
import io.duplexer.chat.v1.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken for a message: proto3 JSON, leniently. */
final class JsonReaderTest {
    @ParameterizedTest(name = "<{0}>")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                         | ``",
                "`  { } \n`                                 | ``",
                "{\"id\":\"m1\"}                            | id: \"m1\"",
                "{\"user_id\":\"ann\"}                      | user_id: \"ann\"",
                "{\"userId\":\"ann\"}                       | user_id: \"ann\"",
                "{\"content\":\"hi\"}                       | content: \"hi\"",
                "{\"timestamp\":5}                          | timestamp: 5",
                "{\"room\":\"r\"}                           | room: \"r\"",
                "{\"sequence\":5}                           | sequence: 5",
                "{\"previous_sequence\":5}                  | previous_sequence: 5",
                "{\"previousSequence\":5}                   | previous_sequence: 5",
                "{\"duplicate\":true}                       | duplicate: true",
                "{\"duplicate\":false}                      | ``",
                "{\"join\":{}}                              | join {}",
                "{\"join\":{\"history\":5}}                 | join { history: 5 }",
                "{\"join\":{\"history\":4294967295}}        | join { history: 4294967295 }",
                "{\"join\":{\"resume\":{\"epoch\":\"e\",\"sequence\":5}}} | join { resume { epoch: \"e\" sequence: 5 } }",
                "{\"joined\":{}}                            | joined {}",
                "{\"left\":{}}                              | left {}",
                "{\"typing\":{}}                            | typing {}",
                "{\"rejected\":{\"code\":-3,\"reason\":\"r\",\"retry_after_millis\":5}} | rejected { code: -3 reason: \"r\" retry_after_millis: 5 }",
                "{\"rejected\":{\"retryAfterMillis\":5}}    | rejected { retry_after_millis: 5 }",
                "{\"recovered\":{\"recovered\":true,\"missed\":1,\"epoch\":\"e\",\"sequence\":2}} | recovered { recovered: true missed: 1 epoch: \"e\" sequence: 2 }",
                "{\"recovered\":{\"members\":[],\"memberCount\":0}} | recovered {}",
                "{\"recovered\":{\"members\":[\"a\",\"b\"],\"member_count\":2}} | recovered { members: [\"a\", \"b\"] member_count: 2 }",
                "{\"read_history\":{\"before\":5,\"limit\":10}} | read_history { before: 5 limit: 10 }",
                "{\"readHistory\":{}}                       | read_history {}",
                "{\"history\":{\"messages\":[{\"id\":\"m1\",\"sequence\":1},{\"userId\":\"ann\"}],\"more\":true}} | history { messages { id: \"m1\" sequence: 1 } messages { user_id: \"ann\" } more: true }",
                "{\"history\":{\"messages\":[]}}            | history {}",
                "{\"id\":null,\"timestamp\":null,\"duplicate\":null,\"join\":null} | ``",
                "{\"join\":{\"history\":null,\"resume\":null}} | join {}",
                "{\"recovered\":{\"members\":null}}         | recovered {}",
                "{\"join\":null,\"left\":{}}                | left {}",
                "{\"id\":\"\"}                              | ``",
            })
    void everyFieldIsRead(String json, String expected) throws Exception {
        assertThat(JsonReader.read(json)).isEqualTo(TextFormat.parse(expected, Message.class));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0                        | 0",
                "-0                       | 0",
                "1.0                      | 1",
                "1e3                      | 1000",
                "1E+3                     | 1000",
                "1.5e1                    | 15",
                "1000e-3                  | 1",
                "-5                       | -5",
                "\"5\"                    | 5",
                "\"-5\"                   | -5",
                "\"1.0\"                  | 1",
                "\"1e3\"                  | 1000",
                "1700000000000            | 1700000000000",
                "9007199254740993         | 9007199254740993",
                "9223372036854775807      | 9223372036854775807",
                "\"9223372036854775807\"  | 9223372036854775807",
                "-9223372036854775808     | -9223372036854775808",
            })
    void integersAreReadInEveryWayOfWritingThem(String json, long expected) throws Exception {
        assertThat(JsonReader.read("{\"timestamp\":" + json + "}").getTimestamp())
                .isEqualTo(expected);
    }

    @Test
    void textKeepsEveryCharacter() throws Exception {
        var json = "{\"content\":\"\\uD83D\\uDE00 \uD83D\uDE00 \\u0000\\n\\\"\\\\\\/ \u00fc \u2028 \\u00FC\"}";

        assertThat(JsonReader.read(json).getContent())
                .isEqualTo("\uD83D\uDE00 \uD83D\uDE00 \u0000\n\"\\/ \u00fc \u2028 \u00fc");
    }

    @Test
    void aLongTextIsNoNumberAndNoName() throws MalformedJsonException {
        var content = "x".repeat(1_000_000);

        assertThat(JsonReader.read("{\"content\":\"" + content + "\"}").getContent())
                .isEqualTo(content);
    }
}

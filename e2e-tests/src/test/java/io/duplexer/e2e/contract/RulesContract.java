package io.duplexer.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.Refused;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message must be, and what happens to one that is not. */
abstract class RulesContract extends ContractTest {
    /** Three bytes of UTF-8, one char. */
    private static final String EURO = "€";

    private static FieldDescriptor field(String name) {
        var field = Message.getDescriptor().findFieldByName(name);
        if (field == null) {
            throw new IllegalArgumentException("name: " + name + " (expected: a field of Message)");
        }
        return field;
    }

    /** As many bytes as asked for, most of them in characters of three. */
    private static String bytes(int count) {
        return EURO.repeat(count / 3) + "x".repeat(count % 3);
    }

    @ParameterizedTest
    @CsvSource({
        "content, 1",
        "content, 65535",
        "content, 65536",
        "user_id, 1",
        "user_id, 127",
        "user_id, 128",
        "room, 127",
        "room, 128",
        "id, 127",
        "id, 128"
    })
    void aMessageUpToALimitInBytesIsTaken(String field, int bytes) {
        var message = line("ann", "hello").toBuilder()
                .setField(field(field), bytes(bytes))
                .build();
        var client = connect();
        var feed = joined(client, "bob", message.getRoom());

        // The longest room has the same name in every test: an id of the room tells the messages apart.
        var unique =
                field.equals("id") ? message : message.toBuilder().setId(room).build();
        var id = publish(client, unique).getMessageId();

        assertThat(feed.line().getField(field(field))).isEqualTo(bytes(bytes));
        assertThat(id).isEqualTo(unique.getId());
    }

    @ParameterizedTest
    @CsvSource({
        "content, 0, content: empty",
        "content, 65537, content: 65537 bytes",
        "user_id, 0, user_id: empty",
        "user_id, 129, user_id: 129 bytes",
        "room, 129, room: 129 bytes",
        "id, 129, id: 129 bytes"
    })
    void aMessageBeyondALimitIsRefusedNamingTheField(String field, int bytes, String reason) {
        var client = connect();
        var feed = joined(client, "bob");

        var refused = Refused.by(client.publish(line("ann", "hello").toBuilder()
                .setField(field(field), bytes(bytes))
                .build()));

        assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.reason()).startsWith(reason).contains("(expected: ");
        assertThat(refused.retryAfterMillis()).isZero();
        publish(client, line("ann", "the next one"));
        assertThat(feed.line().getContent()).isEqualTo("the next one");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            user_id, '\u0000'
            user_id, 'a\tb'
            room,    'a\nb'
            id,      'a\u007Fb'
            """)
    void aNameWithAControlCharacterIsRefused(String field, String name) {
        var client = connect();
        joined(client, "bob");

        var refused = Refused.by(client.publish(
                line("ann", "hello").toBuilder().setField(field(field), name).build()));

        assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.reason()).startsWith(field + ": has a control character");
    }

    @Test
    void contentMayBeAnyText() {
        var client = connect();
        var feed = joined(client, "ann");
        var text = "Grüße\n\t\u0000\u001b 👋🏽 \"{}[]\\\u2028 <b>&amp;</b> שלום";

        publish(client, line("ann", text));

        assertThat(feed.line().getContent()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129})
    void aJoinByAnImpossibleUserIsRefused(int bytes) {
        var client = connect();

        var refused = client.join(bytes(bytes), room, noHistory()).awaitEnd();

        assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.reason()).startsWith("user_id: ");
        joined(connect(), "ann");
    }

    @Test
    void aJoinOfAnImpossibleRoomIsRefused() {
        var refused = connect().join("ann", bytes(129), noHistory()).awaitEnd();

        assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.reason()).startsWith("room: 129 bytes");
    }
}

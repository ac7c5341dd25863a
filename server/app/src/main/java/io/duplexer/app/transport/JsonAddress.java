package io.duplexer.app.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.duplexer.chat.v1.Message;
import java.io.IOException;

/** Finds in a text that is not a valid message what tells the sender which of its messages it was. */
final class JsonAddress {
    private JsonAddress() {}

    /** Returns a message with the {@code id}, {@code user_id} and {@code room} that stand before the text breaks off. */
    static Message read(JsonFactory json, String text) {
        var address = Message.newBuilder();
        try (var parser = json.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING) {
                    set(address, name, parser.getText());
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            // Here it breaks off.
        }
        return address.build();
    }

    private static void set(Message.Builder address, String name, String value) {
        switch (name) {
            case "id" -> address.setId(value);
            case "user_id", "userId" -> address.setUserId(value);
            case "room" -> address.setRoom(value);
            default -> {}
        }
    }
}

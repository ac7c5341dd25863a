package io.duplexer.app.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.duplexer.chat.v1.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.stream.Collectors;

/**
 * Reads a {@link Message} from JSON, as the proto3 JSON mapping has it: either spelling of a field's name, integers as
 * numbers or strings, null for the default. What is unknown or of another type is refused.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 */
final class JsonReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNumberLength(64)
                    .maxNameLength(256)
                    .build())
            .build();

    /** What is wrong with the text, in words for the developer who sent it. */
    static final class MalformedJsonException extends Exception {
        private final Message address;

        MalformedJsonException(String message) {
            this(message, Message.getDefaultInstance());
        }

        private MalformedJsonException(String message, Message address) {
            super(message, null, false, false);
            this.address = address;
        }

        /** The {@code id}, {@code user_id} and {@code room} of the message, as far as they could be read. */
        Message address() {
            return address;
        }
    }

    private JsonReader() {}

    static Message read(String json) throws MalformedJsonException {
        try {
            return readMessage(json);
        } catch (MalformedJsonException e) {
            throw new MalformedJsonException(String.valueOf(e.getMessage()), JsonAddress.read(JSON, json));
        }
    }

    private static Message readMessage(String json) throws MalformedJsonException {
        try (var parser = JSON.createParser(json)) {
            var message = Message.newBuilder();
            parser.nextToken();
            readObject(parser, "message", message);
            if (parser.nextToken() != null) {
                throw new MalformedJsonException("message: text after the object (expected: one JSON object a frame)");
            }
            return message.build();
        } catch (JsonProcessingException e) {
            throw new MalformedJsonException(
                    "message: not JSON: " + e.getOriginalMessage() + " (expected: one object)");
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a String", e);
        }
    }

    private static void readObject(JsonParser parser, String name, com.google.protobuf.Message.Builder into)
            throws IOException, MalformedJsonException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw wrong(name, parser, "an object");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var field = field(into.getDescriptorForType(), parser.currentName());
            if (parser.nextToken() == JsonToken.VALUE_NULL) {
                continue;
            }
            requireFree(field, into);
            if (!field.isRepeated()) {
                into.setField(field, value(parser, field, into));
                continue;
            }
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw wrong(field.getName(), parser, "an array");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                into.addRepeatedField(field, value(parser, field, into));
            }
        }
    }

    private static FieldDescriptor field(Descriptor type, String name) throws MalformedJsonException {
        for (var field : type.getFields()) {
            if (name.equals(field.getName()) || name.equals(field.getJsonName())) {
                return field;
            }
        }
        throw new MalformedJsonException(name + ": unknown field (expected: "
                + type.getFields().stream().map(FieldDescriptor::getName).collect(Collectors.joining(", ")) + ")");
    }

    private static void requireFree(FieldDescriptor field, com.google.protobuf.Message.Builder into)
            throws MalformedJsonException {
        var oneof = field.getContainingOneof();
        if (oneof != null && into.hasOneof(oneof)) {
            throw new MalformedJsonException(field.getName() + ": beside "
                    + into.getOneofFieldDescriptor(oneof).getName() + " (expected: one " + oneof.getName() + ")");
        }
        if (field.isRepeated()
                ? into.getRepeatedFieldCount(field) > 0
                : into.getAllFields().containsKey(field)) {
            throw new MalformedJsonException(field.getName() + ": twice (expected: one spelling of the name)");
        }
    }

    private static Object value(JsonParser parser, FieldDescriptor field, com.google.protobuf.Message.Builder parent)
            throws IOException, MalformedJsonException {
        return switch (field.getType()) {
            case STRING -> {
                if (parser.currentToken() != JsonToken.VALUE_STRING) {
                    throw wrong(field.getName(), parser, "a string");
                }
                yield unicode(field, parser.getText());
            }
            case BOOL -> {
                if (!parser.currentToken().isBoolean()) {
                    throw wrong(field.getName(), parser, "true or false");
                }
                yield parser.getBooleanValue();
            }
            case INT32 -> (int) integer(parser, field, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT32 -> (int) integer(parser, field, 0, 0xFFFF_FFFFL);
            case INT64 -> integer(parser, field, Long.MIN_VALUE, Long.MAX_VALUE);
            // Sequences above 2^63 - 1 do not occur.
            case UINT64 -> integer(parser, field, 0, Long.MAX_VALUE);
            case MESSAGE -> {
                var message = parent.newBuilderForField(field);
                readObject(parser, field.getName(), message);
                yield message.build();
            }
            case BYTES, DOUBLE, ENUM, FIXED32, FIXED64, FLOAT, GROUP, SFIXED32, SFIXED64, SINT32, SINT64 ->
                throw new AssertionError(field.getFullName() + ": a type that the contract does not use");
        };
    }

    private static String unicode(FieldDescriptor field, String text) throws MalformedJsonException {
        // It could only be passed on as something else.
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new MalformedJsonException(field.getName() + ": half a surrogate pair (expected: Unicode text)");
        }
        return text;
    }

    private static long integer(JsonParser parser, FieldDescriptor field, long minimum, long maximum)
            throws IOException, MalformedJsonException {
        if (parser.currentToken().isNumeric() || parser.currentToken() == JsonToken.VALUE_STRING) {
            try {
                // 1.0 and 1e3 are integers, too.
                var text = parser.getText();
                var value = text.length() > 64 ? null : new BigDecimal(text);
                if (value != null && Math.abs((long) value.scale()) <= 64) {
                    var integer = value.longValueExact();
                    if (integer >= minimum && integer <= maximum) {
                        return integer;
                    }
                }
            } catch (ArithmeticException | NumberFormatException e) {
                throw wrong(field.getName(), parser, "an integer from " + minimum + " to " + maximum);
            }
        }
        throw wrong(field.getName(), parser, "an integer from " + minimum + " to " + maximum);
    }

    private static MalformedJsonException wrong(String name, JsonParser parser, String expected) throws IOException {
        var token = parser.currentToken();
        var found = token == null ? "nothing" : token.isScalarValue() ? abbreviate(parser.getText()) : token.asString();
        return new MalformedJsonException(name + ": " + found + " (expected: " + expected + ")");
    }

    private static String abbreviate(String text) {
        return text.length() <= 32 ? text : text.substring(0, 32) + "...";
    }
}

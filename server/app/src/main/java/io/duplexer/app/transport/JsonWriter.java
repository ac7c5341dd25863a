package io.duplexer.app.transport;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MessageOrBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes a message as one JSON object: the field names of the proto file, 64-bit integers as numbers, which is what
 * JavaScript expects of a timestamp and where this differs from the proto3 JSON mapping. Defaults are left out; an
 * event is there, if only as {@code {}}.
 */
final class JsonWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonWriter() {}

    static String write(MessageOrBuilder message) {
        var text = new StringWriter(256);
        try (var json = JSON.createGenerator(text)) {
            writeObject(json, message);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to a StringWriter", e);
        }
        return text.toString();
    }

    private static void writeObject(JsonGenerator json, MessageOrBuilder message) throws IOException {
        json.writeStartObject();
        for (var entry : message.getAllFields().entrySet()) {
            var field = entry.getKey();
            json.writeFieldName(field.getName());
            if (field.isRepeated()) {
                json.writeStartArray();
                for (var element : (List<?>) entry.getValue()) {
                    writeValue(json, field, element);
                }
                json.writeEndArray();
            } else {
                writeValue(json, field, entry.getValue());
            }
        }
        json.writeEndObject();
    }

    private static void writeValue(JsonGenerator json, FieldDescriptor field, Object value) throws IOException {
        switch (field.getType()) {
            case STRING -> json.writeString((String) value);
            case BOOL -> json.writeBoolean((Boolean) value);
            case INT32 -> json.writeNumber((Integer) value);
            case UINT32 -> json.writeNumber(Integer.toUnsignedLong((Integer) value));
            case INT64, UINT64 -> json.writeNumber((Long) value);
            case MESSAGE -> writeObject(json, (MessageOrBuilder) value);
            case BYTES, DOUBLE, ENUM, FIXED32, FIXED64, FLOAT, GROUP, SFIXED32, SFIXED64, SINT32, SINT64 ->
                throw new AssertionError(field.getFullName() + ": a type that the contract does not use");
        }
    }
}

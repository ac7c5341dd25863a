package io.duplexer.app.reflection;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.grpc.GrpcJsonMarshaller;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** JSON for messages that have no class of their own, which Armeria's marshaller needs. */
final class JsonMessages implements GrpcJsonMarshaller {
    @Override
    public <T> void serializeMessage(Marshaller<T> marshaller, T message, OutputStream output) throws IOException {
        output.write(JsonFormat.printer()
                .alwaysPrintFieldsWithNoPresence()
                .print((Message) message)
                .getBytes(UTF_8));
    }

    @Override
    public <T> T deserializeMessage(Marshaller<T> marshaller, InputStream input) throws IOException {
        if (!(marshaller instanceof PrototypeMarshaller<T> prototypes)) {
            throw new IllegalArgumentException("marshaller: " + marshaller + " (expected: of messages)");
        }
        @Nullable T prototype = prototypes.getMessagePrototype();
        if (prototype == null) {
            throw new IllegalArgumentException("marshaller: " + marshaller + " (expected: with a prototype)");
        }
        var builder = ((Message) prototype).newBuilderForType();
        JsonFormat.parser().merge(new InputStreamReader(input, UTF_8), builder);
        @SuppressWarnings("unchecked")
        T message = (T) builder.build();
        return message;
    }
}

package io.duplexer.e2e.foreign;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import io.duplexer.chat.v1.Chat;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Typing;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The article's {@code chat.proto}, compiled as it stands there, beside ours. */
class ArticleProtoTest {
    @SuppressWarnings("NullAway.Init") // Set before the first test.
    private static FileDescriptor article;

    private static final FileDescriptor ours = Chat.getDescriptor();

    @BeforeAll
    static void read() throws IOException, DescriptorValidationException {
        try (var in = requireNonNull(ArticleProtoTest.class.getResourceAsStream("/article.dsc"))) {
            var file = FileDescriptorSet.parseFrom(in).getFile(0);
            article = FileDescriptor.buildFrom(file, new FileDescriptor[0]);
        }
    }

    private static Descriptor message(FileDescriptor file, String name) {
        return requireNonNull(file.findMessageTypeByName(name), name);
    }

    @Test
    void theArticleNamesNoPackage() {
        assertThat(article.getPackage()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Message", "MessageResponse", "SubscribeRequest"})
    void everyFieldOfTheArticleHasItsNumberAndTypeInOurs(String name) {
        var fields = message(article, name).getFields();

        assertThat(fields).isNotEmpty().allSatisfy(theirs -> {
            var field = message(ours, name).findFieldByNumber(theirs.getNumber());
            assertThat(field).isNotNull();
            assertThat(field.getName()).isEqualTo(theirs.getName());
            assertThat(field.getJsonName()).isEqualTo(theirs.getJsonName());
            assertThat(field.getType()).isEqualTo(theirs.getType());
            assertThat(field.isRepeated()).isEqualTo(theirs.isRepeated());
            assertThat(field.hasPresence()).isEqualTo(theirs.hasPresence());
        });
    }

    @Test
    void everyMethodOfTheArticleHasItsTypesAndItsKindInOurs() {
        var methods = requireNonNull(ours.findServiceByName("ChatService")).getMethods().stream()
                .collect(toMap(MethodDescriptor::getName, ArticleProtoTest::signature));

        assertThat(requireNonNull(article.findServiceByName("ChatService")).getMethods())
                .hasSize(3)
                .allSatisfy(theirs -> assertThat(methods).containsEntry(theirs.getName(), signature(theirs)));
    }

    private static List<Object> signature(MethodDescriptor method) {
        return List.of(
                method.getInputType().getName(),
                method.isClientStreaming(),
                method.getOutputType().getName(),
                method.isServerStreaming());
    }

    @Test
    void whatTheArticleWritesWeRead() throws IOException {
        var type = message(article, "Message");
        var theirs = DynamicMessage.newBuilder(type)
                .setField(type.findFieldByName("id"), "m1")
                .setField(type.findFieldByName("user_id"), "client1")
                .setField(type.findFieldByName("content"), "Hello server!")
                .setField(type.findFieldByName("timestamp"), -1L)
                .build();

        assertThat(Message.parseFrom(theirs.toByteString()))
                .isEqualTo(Message.newBuilder()
                        .setId("m1")
                        .setUserId("client1")
                        .setContent("Hello server!")
                        .setTimestamp(-1)
                        .build());
    }

    @Test
    void whatWeWriteTheArticleReadsAndKeepsWhatItDoesNotKnow() throws IOException {
        var type = message(article, "Message");
        var ours = Message.newBuilder()
                .setId("m1")
                .setUserId("ann")
                .setContent("Grüße 👋")
                .setTimestamp(1_700_000_000_000L)
                .setRoom("lobby")
                .setSequence(7)
                .setTyping(Typing.getDefaultInstance())
                .build();

        var theirs = DynamicMessage.parseFrom(type, ours.toByteString());

        assertThat(theirs.getField(type.findFieldByName("content"))).isEqualTo("Grüße 👋");
        assertThat(theirs.getField(type.findFieldByName("timestamp"))).isEqualTo(1_700_000_000_000L);
        assertThat(Message.parseFrom(theirs.toByteString())).isEqualTo(ours);
    }
}

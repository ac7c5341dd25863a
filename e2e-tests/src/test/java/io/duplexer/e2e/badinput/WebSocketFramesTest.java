package io.duplexer.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.RawWebSocket;
import io.duplexer.e2e.client.WebSocketLink;
import io.duplexer.e2e.support.SharedServer;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames on the chat WebSocket that are no messages. */
class WebSocketFramesTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MIB = 1024 * 1024;

    @AfterEach
    void theNextClientIsServed() {
        StillServing.assertOn(server.process());
    }

    private static RawWebSocket joinedJson() {
        var socket = new RawWebSocket(server.port(), WebSocketLink.JSON);
        socket.sendText("{\"user_id\":\"ann\",\"room\":\"bad-input\",\"join\":{}}");
        assertThat(socket.readFrame().text()).contains("\"recovered\":");
        return socket;
    }

    private static void assertRejected(RawWebSocket socket, int code, String reason) throws JsonProcessingException {
        var rejected = JSON.readTree(socket.readFrame().text()).path("rejected");
        assertThat(rejected.path("code").asInt()).isEqualTo(code);
        assertThat(rejected.path("reason").asText()).startsWith(reason).contains("(expected: ");
        assertThat(rejected.path("retry_after_millis").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                                  | message: nothing",
                "{                                                   | message: not JSON",
                "{\"user_id\":\"ann\"                                | message: not JSON",
                "{'user_id':'ann'}                                   | message: not JSON",
                "{\"user_id\":\"ann\",}                              | message: not JSON",
                "{\"user_id\":\"a\",\"user_id\":\"b\"}               | message: not JSON",
                "hello                                               | message: not JSON",
                "[]                                                  | message: [",
                "null                                                | message: null",
                "\"hello\"                                           | message: hello",
                "{} {}                                               | message: text after the object",
                "{\"user_id\":1}                                     | user_id: 1",
                "{\"user_id\":\"ann\",\"content\":{}}                | content: {",
                "{\"user_id\":\"ann\",\"content\":[\"hi\"]}          | content: [",
                "{\"user_id\":\"ann\",\"content\":true}              | content: true",
                "{\"timestamp\":\"soon\"}                            | timestamp: soon",
                "{\"timestamp\":1.5}                                 | timestamp: 1.5",
                "{\"timestamp\":9223372036854775808}                 | timestamp: 9223372036854775808",
                "{\"sequence\":-1}                                   | sequence: -1",
                "{\"duplicate\":\"yes\"}                             | duplicate: yes",
                "{\"shout\":{}}                                      | shout: unknown field",
                "{\"user_id\":\"ann\",\"join\":{\"all\":true}}       | all: unknown field",
                "{\"user_id\":\"ann\",\"join\":5}                    | join: 5",
                "{\"user_id\":\"ann\",\"join\":{\"history\":-1}}     | history: -1",
                "{\"user_id\":\"ann\",\"typing\":{},\"left\":{}}     | left: beside typing",
                "{\"user_id\":\"ann\",\"userId\":\"bob\"}            | user_id: twice"
            })
    void afterAJoinAMalformedFrameIsRejectedAndTheSocketGoesOn(String frame, String reason) throws Exception {
        try (var socket = joinedJson()) {
            socket.sendText(frame);
            assertRejected(socket, 3, reason);

            socket.sendText("{\"user_id\":\"ann\",\"room\":\"bad-input\",\"content\":\"next\"}");
            assertThat(socket.readFrame().text()).contains("\"content\":\"next\"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                         | 1007 | message: not JSON",
                "{\"shout\":{}}                            | 1007 | shout: unknown field",
                "{\"content\":\"hi\"}                      | 1008 | user_id: empty",
                "{\"user_id\":\"ann\"}                     | 1008 | content: empty",
                "{\"user_id\":\"ann\",\"typing\":{}}       | 1008 | room: \"\" has not been joined",
                "{\"user_id\":\"ann\",\"rejected\":{}}     | 1008 | event: rejected"
            })
    void withoutAJoinARefusedFrameClosesTheSocketWithItsReason(String frame, int code, String reason) {
        try (var socket = new RawWebSocket(server.port(), null)) {
            socket.sendText(frame);

            var close = socket.readClose();
            assertThat(close.closeCode()).isEqualTo(code);
            assertThat(close.closeReason()).startsWith(reason);
        }
    }

    @Test
    void aBinaryFrameOnTheJsonSubprotocolIsRejected() throws Exception {
        try (var socket = joinedJson()) {
            socket.sendBinary((byte) 1, (byte) 2);
            assertRejected(socket, 3, "frame: binary");
        }
    }

    @Test
    void aTextFrameOnTheProtobufSubprotocolIsRejected() throws Exception {
        assertRejectedProtobuf("frame: text", socket -> socket.sendText("{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff", // a tag cut short
                "0a05", // a string cut short
                "0a02c328", // id: not UTF-8
                "0f", // a wire type that does not exist
                "00" // field number 0
            })
    void aBinaryFrameThatIsNoMessageIsRejected(String hex) throws Exception {
        assertRejectedProtobuf(
                "message: not protobuf",
                socket -> socket.sendBinary(HexFormat.of().parseHex(hex)));
    }

    private static void assertRejectedProtobuf(String reason, Consumer<RawWebSocket> send) throws Exception {
        try (var socket = new RawWebSocket(server.port(), WebSocketLink.PROTO)) {
            socket.sendBinary(Message.newBuilder()
                    .setUserId("ann")
                    .setRoom("bad-input")
                    .setJoin(Join.getDefaultInstance())
                    .build()
                    .toByteArray());
            assertThat(Message.parseFrom(socket.readFrame().payload()).hasRecovered())
                    .isTrue();

            send.accept(socket);

            var rejected = Message.parseFrom(socket.readFrame().payload()).getRejected();
            assertThat(rejected.getCode()).isEqualTo(3);
            assertThat(rejected.getReason()).startsWith(reason);
        }
    }

    @Test
    void textThatIsNotUtf8ClosesWith1007() {
        try (var socket = joinedJson()) {
            socket.sendFrame(1, (byte) '"', (byte) 0xC3, (byte) 0x28, (byte) '"');
            assertThat(socket.readClose().closeCode()).isEqualTo(1007);
        }
    }

    @Test
    void aMessageOfOneMiBIsReadAndItsContentRejected() throws Exception {
        var start = "{\"user_id\":\"ann\",\"room\":\"bad-input\",\"content\":\"";
        try (var socket = joinedJson()) {
            socket.sendText(start + "x".repeat(MIB - start.length() - 2) + "\"}");
            assertRejected(socket, 3, "content: ");
        }
    }

    @Test
    void aMessageAboveOneMiBClosesWith1009() {
        try (var socket = joinedJson()) {
            socket.sendText(" ".repeat(MIB + 1));
            assertThat(socket.readClose().closeCode()).isEqualTo(1009);
        }
    }
}

package io.duplexer.e2e.foreign;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.e2e.client.RawSocket;
import io.duplexer.e2e.support.SharedServer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both protocols of browsers with every byte written and read by hand: no library can be wrong in the same way. */
class RawBytesTest {
    @RegisterExtension
    static final SharedServer server = SharedServer.with();

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replaceAll("\\s+|#[^\n]*", ""));
    }

    @Test
    void aGrpcWebCallIsTheseBytes() {
        var request = hex("""
                00 0000000d          # a message, 13 bytes
                0a 02 6d31           # 1 id: "m1"
                12 03 616e6e         # 2 user_id: "ann"
                1a 02 6869           # 3 content: "hi"
                """);
        try (var socket = new RawSocket(server.port())) {
            socket.writeLines(
                    "POST /ChatService/SendMessage HTTP/1.1",
                    "Host: 127.0.0.1:" + server.port(),
                    "Content-Type: application/grpc-web+proto",
                    "Content-Length: " + request.length,
                    "");
            socket.write(request);

            assertThat(socket.readHead())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .containsIgnoringCase("\r\ncontent-type: application/grpc-web+proto\r\n");
            var body = socket.readBody();
            int messageBytes = body[4];
            assertThat(body).startsWith(0, 0, 0, 0, messageBytes);
            // 1 success: true, 2 message_id: "m1", 3 sequence, ...
            assertThat(body).containsSequence(hex("08 01 12 02 6d31 18"));
            int trailers = 5 + messageBytes;
            assertThat(body[trailers]).isEqualTo((byte) 0x80);
            assertThat((int) body[trailers + 4]).isEqualTo(body.length - trailers - 5);
            assertThat(new String(body, trailers + 5, body.length - trailers - 5, ISO_8859_1))
                    .contains("grpc-status: 0\r\n")
                    .endsWith("\r\n")
                    .doesNotContain("\r\n\r\n");
        }
    }

    @Test
    void aWebSocketHandshakeAndAMessageAreTheseBytes() {
        try (var socket = new RawSocket(server.port())) {
            // The example of RFC 6455, section 1.3.
            socket.writeLines(
                    "GET / HTTP/1.1",
                    "Host: 127.0.0.1:" + server.port(),
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13",
                    "");
            assertThat(socket.readHead())
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                    .containsIgnoringCase("\r\nconnection: upgrade\r\n")
                    .containsIgnoringCase("\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                    .doesNotContainIgnoringCase("sec-websocket-protocol")
                    .doesNotContainIgnoringCase("sec-websocket-extensions");

            // FIN and text; masked with zeros, so that the payload reads as it is.
            var json = "{\"user_id\":\"ann\",\"content\":\"raw bytes\"}".getBytes(UTF_8);
            socket.write(hex("81"));
            socket.write((byte) (0x80 | json.length));
            socket.write(hex("00000000"));
            socket.write(json);

            assertThat(socket.readByte()).isEqualTo(0x81);
            int length = socket.readByte();
            if (length == 126) {
                length = socket.readByte() << 8 | socket.readByte();
            }
            assertThat(new String(socket.read(length), UTF_8))
                    .startsWith("{\"id\":\"")
                    .contains("\"user_id\":\"ann\",\"content\":\"raw bytes\",\"timestamp\":")
                    .endsWith("}");

            // Close with 1000, answered with the same; then the server ends the connection.
            socket.write(hex("88 82 00000000 03e8"));
            assertThat(socket.readToEnd()).isEqualTo(hex("88 02 03e8"));
        }
    }
}

package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.CONTINUATION;
import static io.duplexer.bridge.websocket.Frames.FIN;
import static io.duplexer.bridge.websocket.Frames.PING;
import static io.duplexer.bridge.websocket.Frames.RSV1;
import static io.duplexer.bridge.websocket.Frames.TEXT;
import static io.duplexer.bridge.websocket.Frames.bytes;
import static io.duplexer.bridge.websocket.Frames.frame;
import static io.duplexer.bridge.websocket.Frames.text;
import static io.duplexer.bridge.websocket.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** permessage-deflate (RFC 7692), with the examples of its section 7.2.3. */
@ExtendWith(NoLeaks.class)
@Timeout(10)
final class CompressionTest {
    private static final int MAX_MESSAGE = 100_000;
    private static final int MIN_MESSAGE = 32;
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final byte[] HELLO = bytes(0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00);

    private static TestServer server;
    private static TestServer off;

    @BeforeAll
    static void start() {
        server = TestServer.echo(config(1000));
        off = TestServer.echo(WebSocketConfig.DEFAULT);
    }

    @AfterAll
    static void stop() {
        server.close();
        off.close();
    }

    private static WebSocketConfig config(int maxConnections) {
        return WebSocketConfig.DEFAULT
                .withMaxMessageBytes(MAX_MESSAGE)
                .withCompression(new WebSocketCompression(maxConnections, MIN_MESSAGE));
    }

    private static RawHttp1 open() throws Exception {
        return RawHttp1.open(server.port(), OFFER);
    }

    private static byte[] compressed(byte[] deflated) {
        return frame(FIN | RSV1 | TEXT, deflated);
    }

    @Test
    void theExampleIsInflated() throws Exception {
        try (RawHttp1 connection = open()) {
            connection.send(compressed(HELLO));
            connection.expectText("Hello");
        }
    }

    @Test
    void theExampleInTwoFragmentsIsInflated() throws Exception {
        try (RawHttp1 connection = open()) {
            connection.send(frame(RSV1 | TEXT, bytes(0xf2, 0x48, 0xcd)));
            connection.send(frame(FIN | PING, utf8("between")));
            connection.send(frame(FIN | CONTINUATION, bytes(0xc9, 0xc9, 0x07, 0x00)));
            assertThat(connection.next().text()).isEqualTo("between");
            connection.expectText("Hello");
        }
    }

    @Test
    void theWindowIsKeptFromMessageToMessage() throws Exception {
        try (RawHttp1 connection = open()) {
            connection.send(compressed(HELLO));
            connection.send(compressed(bytes(0xf2, 0x00, 0x11, 0x00, 0x00)));
            connection.expectText("Hello");
            connection.expectText("Hello");
        }
    }

    @Test
    void blocksWithoutCompressionAreInflated() throws Exception {
        try (RawHttp1 connection = open()) {
            connection.send(compressed(bytes(0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00)));
            connection.expectText("Hello");
        }
    }

    @Test
    void messagesMayComeUncompressed() throws Exception {
        try (RawHttp1 connection = open()) {
            connection.send(text("plain"));
            connection.expectText("plain");
            connection.send(compressed(HELLO));
            connection.expectText("Hello");
        }
    }

    @Test
    void shortMessagesAreNotCompressedAndLongOnesAre() throws Exception {
        String shorter = "s".repeat(MIN_MESSAGE - 1);
        String longer = "l".repeat(MIN_MESSAGE);
        try (RawHttp1 connection = open()) {
            connection.send(text(shorter));
            Frames.Received first = connection.next();
            assertThat(first.firstByte() & RSV1).isZero();
            assertThat(first.text()).isEqualTo(shorter);
            connection.send(text(longer));
            Frames.Received second = connection.next();
            assertThat(second.firstByte() & RSV1).isNotZero();
            assertThat(second.payload().length).isLessThan(MIN_MESSAGE);
            assertThat(inflate(second.payload())).isEqualTo(longer);
        }
    }

    @Test
    void longMessagesSurviveTheRoundTrip() throws Exception {
        String message = ("0123456789abcdef" + "€").repeat(4000);
        try (RawHttp1 connection = open()) {
            connection.send(compressed(deflate(utf8(message))));
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            Frames.Received received;
            do {
                received = connection.next();
                deflated.writeBytes(received.payload());
            } while ((received.firstByte() & FIN) == 0);
            assertThat(inflate(deflated.toByteArray())).isEqualTo(message);
        }
    }

    @Test
    void inflatingAboveTheLimitIsRefused() throws Exception {
        byte[] bomb = deflate(new byte[50 * MAX_MESSAGE]);
        assertThat(bomb.length).isLessThan(MAX_MESSAGE / 10);
        try (RawHttp1 connection = open()) {
            connection.send(compressed(bomb));
            assertThat(connection.expectClose()).isEqualTo(1009);
        }
    }

    @Test
    void inflatingToTheLimitIsNot() throws Exception {
        try (RawHttp1 connection = open()) {
            connection.send(compressed(deflate(Frames.repeated('a', MAX_MESSAGE))));
            assertThat(inflate(connection.next().payload())).hasSize(MAX_MESSAGE);
        }
    }

    @Test
    void inflatedTextMustBeUtf8() throws Exception {
        try (RawHttp1 connection = open()) {
            connection.send(compressed(deflate(bytes('a', 0xC0, 0xAF))));
            assertThat(connection.expectClose()).isEqualTo(1007);
        }
    }

    @Test
    void whatCannotBeInflatedIsRefused() throws Exception {
        try (RawHttp1 connection = open()) {
            connection.send(compressed(bytes(0xFF, 0xFF, 0xFF, 0xFF)));
            assertThat(connection.expectClose()).isEqualTo(1007);
        }
    }

    @Test
    void aContinuationMayNotCarryTheBit() throws Exception {
        try (RawHttp1 connection = open()) {
            connection.send(frame(RSV1 | TEXT, bytes(0xf2, 0x48, 0xcd)));
            connection.send(frame(FIN | RSV1 | CONTINUATION, bytes(0xc9, 0xc9, 0x07, 0x00)));
            assertThat(connection.expectClose()).isEqualTo(1002);
        }
    }

    @Test
    void aPreparedMessageIsCompressedForThoseWhoWantIt() throws Exception {
        RecordingHandler handler = new RecordingHandler();
        WebSocketEndpoint endpoint =
                WebSocketEndpoint.builder(handler).config(config(10)).build();
        PreparedMessage message = PreparedMessage.text("p".repeat(1000));
        try (TestServer recording = TestServer.of(endpoint);
                RawHttp1 wanting = RawHttp1.open(recording.port(), OFFER)) {
            WebSocketSession wantingSession = handler.next().session();
            try (RawHttp1 plain = RawHttp1.open(recording.port())) {
                handler.next().session().send(message).join();
                wantingSession.send(message).join();
                wantingSession.send(message).join();
                plain.expectText("p".repeat(1000));
                assertThat(inflate(wanting.next().payload())).isEqualTo("p".repeat(1000));
                assertThat(wanting.next().firstByte()).isEqualTo(FIN | RSV1 | TEXT);
            }
        }
    }

    @Test
    void aBufferIsCompressedAndReleased() throws Exception {
        RecordingHandler handler = new RecordingHandler();
        WebSocketEndpoint endpoint =
                WebSocketEndpoint.builder(handler).config(config(10)).build();
        ByteBuf buffer = Unpooled.directBuffer().writeBytes(utf8("b".repeat(1000)));
        try (TestServer recording = TestServer.of(endpoint);
                RawHttp1 connection = RawHttp1.open(recording.port(), OFFER)) {
            handler.next().session().sendBinary(buffer).join();
            assertThat(inflate(connection.next().payload())).isEqualTo("b".repeat(1000));
            assertThat(buffer.refCnt()).isZero();
        }
    }

    @Test
    void itIsOffByDefault() throws Exception {
        try (RawHttp1 connection = RawHttp1.connect(off.port())) {
            assertThat(connection.exchange(RawHttp1.request(OFFER)).toLowerCase(Locale.ROOT))
                    .startsWith("http/1.1 101 ")
                    .doesNotContain("sec-websocket-extensions");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | permessage-deflate",
                "permessage-deflate; client_max_window_bits | permessage-deflate",
                "permessage-deflate; client_max_window_bits=10 | permessage-deflate",
                "permessage-deflate; server_no_context_takeover | permessage-deflate;server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover | permessage-deflate;client_no_context_takeover",
                "permessage-deflate; server_max_window_bits=15 | permessage-deflate;server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate | permessage-deflate",
                "permessage-deflate; what_is_this, permessage-deflate | permessage-deflate",
                "permessage-bzip2, permessage-deflate | permessage-deflate"
            })
    void anOfferThatCanBeMetIsAccepted(String offer, String answer) throws Exception {
        assertThat(answerTo(offer)).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; what_is_this",
                "identity",
                "permessage-bzip2",
                "",
                " , "
            })
    void anyOtherIsDeclined(String offer) throws Exception {
        assertThat(answerTo(offer)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",;=\"",
                "permessage-deflate;",
                "permessage deflate",
                "permessage-deflate; @inflate_buffer_size=1000000000",
                "@frame-capture",
                "permessage-deflate; a; a",
                "permessage-deflate; a=\"b c\""
            })
    void aMalformedOfferFailsTheHandshake(String offer) throws Exception {
        try (RawHttp1 connection = RawHttp1.connect(server.port())) {
            assertThat(connection.exchange(RawHttp1.request("Sec-WebSocket-Extensions: " + offer)))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    private static String answerTo(String offer) throws Exception {
        try (RawHttp1 connection = RawHttp1.connect(server.port())) {
            String response = connection.exchange(RawHttp1.request("Sec-WebSocket-Extensions: " + offer));
            assertThat(response).startsWith("HTTP/1.1 101 ");
            return response.toLowerCase(Locale.ROOT)
                    .lines()
                    .filter(line -> line.startsWith("sec-websocket-extensions: "))
                    .map(line -> line.replaceFirst("[^:]*: ", "").replace(" ", ""))
                    .findFirst()
                    .orElse("");
        }
    }

    @Test
    void connectionsAboveTheCapAreNotCompressed() throws Exception {
        try (TestServer capped = TestServer.echo(config(1))) {
            try (RawHttp1 first = RawHttp1.connect(capped.port());
                    RawHttp1 second = RawHttp1.connect(capped.port())) {
                assertThat(first.exchange(RawHttp1.request(OFFER))).containsIgnoringCase("sec-websocket-extensions");
                assertThat(second.exchange(RawHttp1.request(OFFER)))
                        .doesNotContainIgnoringCase("sec-websocket-extensions");
                second.send(text("t".repeat(MIN_MESSAGE)));
                second.expectText("t".repeat(MIN_MESSAGE));
            }
            await().untilAsserted(() -> {
                try (RawHttp1 later = RawHttp1.connect(capped.port())) {
                    assertThat(later.exchange(RawHttp1.request(OFFER)))
                            .containsIgnoringCase("sec-websocket-extensions");
                }
            });
        }
    }

    private static byte[] deflate(byte[] message) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length + 100];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - 4); // Without 00 00 FF FF, as section 7.2.1 says.
    }

    private static String inflate(byte[] payload) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        inflater.setInput(Frames.concat(payload, bytes(0, 0, 0xFF, 0xFF)));
        byte[] out = new byte[MAX_MESSAGE + 1];
        int length = 0;
        for (int inflated = 1; inflated > 0; length += inflated) {
            inflated = inflater.inflate(out, length, out.length - length);
        }
        inflater.end();
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }
}

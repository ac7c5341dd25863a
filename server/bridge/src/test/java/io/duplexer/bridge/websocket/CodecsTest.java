package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.FIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.websocket.core.exception.MessageTooLargeException;
import org.eclipse.jetty.websocket.core.exception.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pure parts: bytes in, values out. */
final class CodecsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65535, 65536, 1_000_000})
    void aHeaderIsTheShortestThatHoldsTheLength(int length) throws Exception {
        byte[] payload = new byte[length];
        PreparedMessage message = PreparedMessage.binary(payload);
        assertThat(message.frame()).hasSize(length + (length <= 125 ? 2 : length <= 65535 ? 4 : 10));
        assertThat(message.payloadBytes()).isEqualTo(length);
        Frames.Received read = Frames.read(new ByteArrayInputStream(message.frame()));
        assertThat(read.firstByte()).isEqualTo(FIN | Frames.BINARY);
        assertThat(read.payload()).isEqualTo(payload);
    }

    @Test
    void aPreparedTextMustBeUtf8() {
        assertThat(PreparedMessage.text(Frames.utf8("grün")).frame())
                .isEqualTo(PreparedMessage.text("grün").frame());
        assertThatThrownBy(() -> PreparedMessage.text(Frames.bytes(0xC0, 0xAF)))
                .hasMessage("utf8: 2 bytes (expected: valid UTF-8)");
        assertThatThrownBy(() -> PreparedMessage.text(Frames.bytes('a', 0xE2, 0x82)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPreparedMessageIsACopy() {
        byte[] payload = {1, 2, 3};
        PreparedMessage message = PreparedMessage.binary(payload);
        payload[0] = 9;
        assertThat(message.payload().get(0)).isEqualTo((byte) 1);
    }

    @Test
    void theValidatorAgreesWithTheJdkOnTheStartsOfAllSequences() {
        for (int first = 0; first < 256; first++) {
            for (int second = 0x70; second < 256; second++) {
                assertAgrees(Frames.bytes(first, second));
                assertAgrees(Frames.bytes(first, second, 0x80));
                assertAgrees(Frames.bytes(first, second, 0x80, 0x80));
            }
        }
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += 17) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                assertAgrees(Frames.utf8("0123456" + Character.toString(codePoint) + "x"));
            }
        }
    }

    @Test
    void theValidatorDoesNotCareHowTextIsCut() {
        Random random = new Random(1);
        byte[] text = Frames.utf8("aé€😀 plain ascii for a while ".repeat(20));
        for (int round = 0; round < 500; round++) {
            byte[] bytes = text.clone();
            if (round % 2 == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Utf8Validator validator = new Utf8Validator();
            boolean valid = true;
            for (int from = 0; valid && from < bytes.length; ) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(20));
                valid = validator.accept(ByteBuffer.wrap(bytes, from, to - from));
                from = to;
            }
            assertThat(valid && validator.isComplete()).isEqualTo(decodes(bytes));
        }
    }

    private static void assertAgrees(byte[] bytes) {
        if (isValid(bytes) != decodes(bytes)) {
            assertThat(isValid(bytes)).as("%s", List.of(bytes)).isEqualTo(decodes(bytes));
        }
    }

    private static boolean isValid(byte[] bytes) {
        Utf8Validator validator = new Utf8Validator();
        return validator.accept(ByteBuffer.wrap(bytes)) && validator.isComplete();
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void nothingOfAnUnexpectedExceptionIsToldToThePeer() {
        var unexpected = new org.eclipse.jetty.websocket.core.CloseStatus(1011, new IllegalStateException("a secret"));
        assertThat(CloseStatus.of(JettySession.tellable(unexpected))).isEqualTo(CloseStatus.SERVER_ERROR);
        var violation = new org.eclipse.jetty.websocket.core.CloseStatus(1002, new ProtocolException("a wrong opcode"));
        assertThat(CloseStatus.of(JettySession.tellable(violation))).isEqualTo(new CloseStatus(1002, "a wrong opcode"));
    }

    static Stream<byte[]> tooLarge() {
        return Stream.of(
                Frames.header(Frames.TEXT, 1001),
                Frames.header(Frames.BINARY, 70_000),
                Frames.header(Frames.BINARY, Long.MAX_VALUE),
                Frames.concat(Frames.frame(Frames.TEXT, new byte[1000]), Frames.header(Frames.CONTINUATION, 501)),
                Frames.concat(
                        Frames.text("fine"),
                        Frames.frame(FIN | Frames.PING, new byte[5]),
                        Frames.header(Frames.TEXT, 1001)));
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    void theParserStopsAtTheHeaderHoweverItIsCut(byte[] input) {
        IntStream.rangeClosed(1, input.length).forEach(piece -> {
            FrameParser parser = new FrameParser(1000, 1500);
            ByteBuf bytes = Unpooled.wrappedBuffer(input);
            assertThatThrownBy(() -> parseInPieces(parser, bytes, piece)).isInstanceOf(MessageTooLargeException.class);
            assertThat(bytes.readerIndex()).isEqualTo(input.length - 4); // all but the mask
        });
    }

    /** Reads {@code input} to its end, giving the parser at most {@code piece} bytes at a time. */
    private static List<ClientFrame> parseInPieces(FrameParser parser, ByteBuf input, int piece) {
        List<ClientFrame> frames = new ArrayList<>();
        int end = input.writerIndex();
        while (input.readerIndex() < end) {
            input.writerIndex(Math.min(end, input.readerIndex() + piece));
            for (ClientFrame frame = parser.parse(input); frame != null; frame = parser.parse(input)) {
                frames.add(frame);
            }
            input.writerIndex(end);
        }
        return frames;
    }

    @Test
    void theParserLetsMessagesUpToTheLimitsPass() {
        byte[] input = Frames.concat(
                Frames.frame(Frames.TEXT, new byte[1000]),
                Frames.frame(FIN | Frames.PING, new byte[125]),
                Frames.frame(FIN | Frames.CONTINUATION, new byte[500]),
                Frames.frame(FIN | Frames.BINARY, new byte[1000]));
        assertThat(parseInPieces(new FrameParser(1000, 1500), Unpooled.wrappedBuffer(input), input.length))
                .extracting(frame -> frame.bytes().length)
                .containsExactly(1000, 125, 500, 1000);
    }

    @Test
    void thePiecesOfAFrameAreTheFrameWithoutItsMask() {
        byte[] data = new byte[70_000];
        new Random(1).nextBytes(data);
        byte[] ping = Arrays.copyOf(data, 125);
        byte[] input = Frames.concat(
                Frames.frame(FIN | Frames.RSV1 | Frames.BINARY, data),
                Frames.frame(FIN | Frames.PING, ping),
                Frames.frame(Frames.TEXT, new byte[0]),
                Frames.frame(FIN | Frames.CONTINUATION, Arrays.copyOf(data, 3)));
        for (int piece : new int[] {1, 2, 3, 5, 7, 8, 9, 15, 1000, 4099, input.length}) {
            var frames = parseInPieces(new FrameParser(100_000, 100_000), Unpooled.wrappedBuffer(input), piece);
            int rest = frames.size();
            while (frames.get(rest - 1).getOpCode() != Frames.PING) {
                rest--;
            }
            var pieces = frames.subList(0, rest - 1);
            assertThat(Frames.concat(pieces.stream().map(ClientFrame::bytes).toArray(byte[][]::new)))
                    .as("in pieces of %d", piece)
                    .isEqualTo(data);
            assertThat(pieces.get(0).isRsv1()).isTrue();
            assertThat(pieces.get(0).getOpCode()).isEqualTo((byte) Frames.BINARY);
            assertThat(pieces.subList(1, pieces.size())).allMatch(next -> next.getOpCode() == Frames.CONTINUATION);
            assertThat(pieces.subList(1, pieces.size())).noneMatch(ClientFrame::isRsv1);
            assertThat(pieces.subList(0, pieces.size() - 1)).noneMatch(ClientFrame::isFin);
            assertThat(pieces.get(pieces.size() - 1).isFin()).isTrue();
            assertThat(frames.get(rest - 1).bytes()).isEqualTo(ping);
            assertThat(frames.get(rest).getOpCode()).isEqualTo((byte) Frames.TEXT);
            assertThat(frames.get(rest).isFin()).isFalse();
            assertThat(Frames.concat(frames.subList(rest, frames.size()).stream()
                            .map(ClientFrame::bytes)
                            .toArray(byte[][]::new)))
                    .isEqualTo(Arrays.copyOf(data, 3));
        }
    }

    @Test
    void theAssemblerTakesMessagesUpToTheLimit() {
        MessageAssembler assembler = new MessageAssembler(10);
        for (int i = 0; i < 3; i++) {
            assembler.begin(true);
            assembler.add(Frames.utf8("01"));
            assembler.add(Frames.utf8("2"));
            assembler.add(Frames.utf8("34"));
            assertThat(assembler.endText(Frames.utf8("56789"))).isEqualTo("0123456789");
            assembler.begin(false);
            assertThat(assembler.endBinary(new byte[10])).hasSize(10);
        }
        assembler.begin(false);
        assembler.add(new byte[10]);
        assertThatThrownBy(() -> assembler.endBinary(new byte[1])).isInstanceOf(MessageTooLargeException.class);
    }

    @Test
    void anExtensionOfferMayBeWrittenInManyWays() {
        assertThat(ExtensionOffer.parseAll(List.of(" a ; x ; y = 1 ;z=\"2\",, b", "c")))
                .extracting(ExtensionOffer::toString)
                .containsExactly(
                        "ExtensionOffer[name=a, parameters={x=null, y=1, z=2}]",
                        "ExtensionOffer[name=b, parameters={}]",
                        "ExtensionOffer[name=c, parameters={}]");
    }
}

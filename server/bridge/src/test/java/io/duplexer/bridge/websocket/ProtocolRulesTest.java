package io.duplexer.bridge.websocket;

import static io.duplexer.bridge.websocket.Frames.BINARY;
import static io.duplexer.bridge.websocket.Frames.CLOSE;
import static io.duplexer.bridge.websocket.Frames.CONTINUATION;
import static io.duplexer.bridge.websocket.Frames.FIN;
import static io.duplexer.bridge.websocket.Frames.PING;
import static io.duplexer.bridge.websocket.Frames.PONG;
import static io.duplexer.bridge.websocket.Frames.TEXT;
import static io.duplexer.bridge.websocket.Frames.bytes;
import static io.duplexer.bridge.websocket.Frames.close;
import static io.duplexer.bridge.websocket.Frames.concat;
import static io.duplexer.bridge.websocket.Frames.frame;
import static io.duplexer.bridge.websocket.Frames.header;
import static io.duplexer.bridge.websocket.Frames.mask;
import static io.duplexer.bridge.websocket.Frames.repeated;
import static io.duplexer.bridge.websocket.Frames.text;
import static io.duplexer.bridge.websocket.Frames.unmasked;
import static io.duplexer.bridge.websocket.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.linecorp.armeria.server.ServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The rules of RFC 6455, sections 5 to 8, as bytes that go in and frames that must come out, over every transport and,
 * over HTTP/1.1, also with the server reading one byte at a time.
 */
@ExtendWith(NoLeaks.class)
@Timeout(10)
final class ProtocolRulesTest {
    private static final int MAX_FRAME = 70_000;
    private static final int MAX_MESSAGE = 100_000;
    static final WebSocketConfig CONFIG =
            WebSocketConfig.DEFAULT.withMaxMessageBytes(MAX_MESSAGE).withMaxFrameBytes(MAX_FRAME);

    private static TestServer server;
    private static TestServer slowServer;

    @BeforeAll
    static void start() {
        server = TestServer.echo(CONFIG);
        slowServer = TestServer.of(
                WebSocketEndpoint.builder(EchoListener::new).config(CONFIG).build(), ProtocolRulesTest::readOneByte);
    }

    @AfterAll
    static void stop() {
        server.close();
        slowServer.close();
    }

    @SuppressWarnings("deprecation") // Netty means to rename the option.
    private static void readOneByte(ServerBuilder builder) {
        builder.childChannelOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(1));
    }

    @FunctionalInterface
    private interface Opener {
        RawConnection open() throws Exception;
    }

    /** What must come out, in order. After a Close frame the connection must end. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Rule(String claim, byte[] input, List<Frames.Received> output) {
        boolean isRefused() {
            Frames.Received last = output.get(output.size() - 1);
            return last.opcode() == CLOSE && !last.closeReason().isEmpty();
        }
    }

    private static Rule rule(String claim, byte[] input, Frames.Received... output) {
        return new Rule(claim, input, List.of(output));
    }

    private static Frames.Received textOf(String text) {
        return new Frames.Received(FIN | TEXT, utf8(text));
    }

    private static Frames.Received binaryOf(byte[] payload) {
        return new Frames.Received(FIN | BINARY, payload);
    }

    private static Frames.Received pongOf(String payload) {
        return new Frames.Received(FIN | PONG, utf8(payload));
    }

    private static Frames.Received closeOf(int code) {
        return new Frames.Received(FIN | CLOSE, bytes(code >> 8, code));
    }

    /** A Close frame whose reason names what was wrong: this is a part of it. */
    private static Frames.Received refusal(int code, String reason) {
        return new Frames.Received(FIN | CLOSE, concat(bytes(code >> 8, code), utf8(reason)));
    }

    private static Stream<Rule> messages() {
        return Stream.of(
                rule("text is echoed", text("Hello"), textOf("Hello")),
                rule("empty text is a message", text(""), textOf("")),
                rule("125 bytes have a short length", text("a".repeat(125)), textOf("a".repeat(125))),
                rule("126 bytes have a 16 bit length", text("a".repeat(126)), textOf("a".repeat(126))),
                rule("65535 bytes have a 16 bit length", text("a".repeat(65535)), textOf("a".repeat(65535))),
                rule("65536 bytes have a 64 bit length", text("a".repeat(65536)), textOf("a".repeat(65536))),
                rule("binary is echoed", Frames.binary(bytes(0, 255, 128)), binaryOf(bytes(0, 255, 128))),
                rule(
                        "fragments make one message",
                        concat(
                                frame(TEXT, utf8("Hel")),
                                frame(CONTINUATION, utf8("")),
                                frame(FIN | CONTINUATION, utf8("lo"))),
                        textOf("Hello")),
                rule(
                        "a ping between fragments is answered at once",
                        concat(
                                frame(TEXT, utf8("Hel")),
                                frame(FIN | PING, utf8("now")),
                                frame(FIN | CONTINUATION, utf8("lo"))),
                        pongOf("now"),
                        textOf("Hello")),
                rule(
                        "binary fragments make one message",
                        concat(frame(BINARY, bytes(1)), frame(FIN | CONTINUATION, bytes(2))),
                        binaryOf(bytes(1, 2))),
                rule(
                        "three messages stay in order",
                        concat(text("1"), text("2"), text("3")),
                        textOf("1"),
                        textOf("2"),
                        textOf("3")));
    }

    private static Stream<Rule> utf8Rules() {
        byte[] kappa = utf8("κόσμε\uD83D\uDE00");
        return Stream.of(
                rule(
                        "text of all lengths of characters",
                        text("a\u00e9\u20ac\uD83D\uDE00"),
                        textOf("a\u00e9\u20ac\uD83D\uDE00")),
                rule(
                        "a character may be split between fragments",
                        concat(
                                frame(TEXT, Arrays.copyOf(kappa, 1)),
                                frame(FIN | CONTINUATION, Arrays.copyOfRange(kappa, 1, kappa.length))),
                        textOf("κόσμε\uD83D\uDE00")),
                bad("a lone continuation byte", bytes('a', 0x80)),
                bad("an overlong slash", bytes(0xC0, 0xAF)),
                bad("an overlong form of three bytes", bytes(0xE0, 0x80, 0xAF)),
                bad("an overlong form of four bytes", bytes(0xF0, 0x80, 0x80, 0xAF)),
                bad("a surrogate", bytes(0xED, 0xA0, 0x80)),
                bad("a character above U+10FFFF", bytes(0xF4, 0x90, 0x80, 0x80)),
                bad("the byte 0xFF", bytes(0xFF)),
                bad("a character that is cut off by the end", bytes('a', 0xE2, 0x82)),
                rule(
                        "bad UTF-8 fails before the last fragment comes",
                        concat(frame(TEXT, utf8("fine")), frame(CONTINUATION, bytes(0xCE, 0xBA, 0xED, 0xA0))),
                        refusal(1007, "UTF-8")),
                rule(
                        "bad UTF-8 fails before the rest of its frame comes",
                        concat(header(FIN | TEXT, 1000), mask(bytes('a', 'b', 'c', 0xF4, 0x90))),
                        refusal(1007, "UTF-8")),
                rule("binary need not be UTF-8", Frames.binary(bytes(0xFF, 0xC0)), binaryOf(bytes(0xFF, 0xC0))));
    }

    private static Rule bad(String what, byte[] payload) {
        return rule(what + " is refused", frame(FIN | TEXT, payload), refusal(1007, "UTF-8"));
    }

    private static Stream<Rule> frameRules() {
        List<Rule> rules = new ArrayList<>();
        for (int rsv : new int[] {0x40, 0x20, 0x10}) {
            rules.add(
                    rule("reserved bit " + rsv + " of text", frame(FIN | rsv | TEXT, utf8("a")), refusal(1002, "RSV")));
            rules.add(rule(
                    "reserved bit " + rsv + " of a ping", frame(FIN | rsv | PING, utf8("a")), refusal(1002, "RSV")));
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            rules.add(rule(
                    "reserved opcode " + opcode, frame(FIN | opcode, utf8("a")), refusal(1002, "opcode: " + opcode)));
        }
        rules.add(rule("text without a mask", unmasked(FIN | TEXT, utf8("a")), refusal(1002, "MUST mask")));
        rules.add(rule("empty text without a mask", unmasked(FIN | TEXT, utf8("")), refusal(1002, "MUST mask")));
        rules.add(rule("a ping without a mask", unmasked(FIN | PING, utf8("a")), refusal(1002, "MUST mask")));
        rules.add(
                rule("a Close frame without a mask", unmasked(FIN | CLOSE, bytes(3, 232)), refusal(1002, "MUST mask")));
        rules.add(
                rule("a continuation of nothing", frame(FIN | CONTINUATION, utf8("a")), refusal(1002, "CONTINUATION")));
        rules.add(rule(
                "a continuation after the end",
                concat(text("a"), frame(CONTINUATION, utf8("b"))),
                textOf("a"),
                refusal(1002, "CONTINUATION")));
        rules.add(rule(
                "a new message within another",
                concat(frame(TEXT, utf8("a")), frame(FIN | TEXT, utf8("b"))),
                refusal(1002, "DataFrame")));
        rules.add(rule(
                "a length of 125 in 16 bits",
                concat(bytes(FIN | TEXT, 0x80 | 126, 0, 125), mask(repeated('a', 129))),
                refusal(1002, "shortest form")));
        rules.add(rule(
                "a length of 65535 in 64 bits",
                bytes(FIN | TEXT, 0x80 | 127, 0, 0, 0, 0, 0, 0, 255, 255),
                refusal(1002, "shortest form")));
        return rules.stream();
    }

    private static Stream<Rule> controlRules() {
        return Stream.of(
                rule("a ping is answered with its payload", frame(FIN | PING, utf8("abc")), pongOf("abc")),
                rule("an empty ping is answered", frame(FIN | PING, utf8("")), pongOf("")),
                rule("125 bytes of ping", frame(FIN | PING, repeated('p', 125)), pongOf("p".repeat(125))),
                rule("126 bytes of ping", frame(FIN | PING, repeated('p', 126)), refusal(1002, "above 125 bytes")),
                rule("a ping in fragments", frame(PING, utf8("a")), refusal(1002, "Fragmented")),
                rule("a Close frame in fragments", frame(CLOSE, bytes(3, 232)), refusal(1002, "Fragmented")),
                rule(
                        "pings are answered in order",
                        concat(frame(FIN | PING, utf8("1")), frame(FIN | PING, utf8("2"))),
                        pongOf("1"),
                        pongOf("2")),
                rule(
                        "an unsolicited pong is not answered",
                        concat(frame(FIN | PONG, utf8("x")), text("a")),
                        textOf("a")));
    }

    private static Stream<Rule> closeRules() {
        Stream<Rule> legal = IntStream.of(
                        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 3000, 3999, 4000, 4999)
                .mapToObj(code -> rule("close code " + code + " is answered", close(code, ""), closeOf(code)));
        Stream<Rule> illegal = IntStream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
                .mapToObj(code ->
                        rule("close code " + code + " is refused", close(code, ""), refusal(1002, "Code: " + code)));
        return Stream.of(
                        legal,
                        illegal,
                        Stream.of(
                                rule(
                                        "an empty Close frame is answered with an empty one",
                                        frame(FIN | CLOSE, bytes()),
                                        new Frames.Received(FIN | CLOSE, bytes())),
                                rule("half a close code", frame(FIN | CLOSE, bytes(3)), refusal(1002, "CLOSE payload")),
                                rule("a reason is allowed", close(1000, "r".repeat(123)), closeOf(1000)),
                                rule(
                                        "a reason too long",
                                        close(1000, "r".repeat(124)),
                                        refusal(1002, "above 125 bytes")),
                                rule(
                                        "a reason that is not UTF-8",
                                        frame(FIN | CLOSE, bytes(3, 232, 0xCE, 0xBA, 0xED, 0xA0, 0x80)),
                                        refusal(1007, "UTF-8")),
                                rule(
                                        "what follows a Close frame is ignored",
                                        concat(close(1000, ""), text("late"), frame(FIN | PING, utf8("late"))),
                                        closeOf(1000)),
                                rule(
                                        "a Close frame within a message ends it",
                                        concat(frame(TEXT, utf8("a")), close(1000, "")),
                                        closeOf(1000))))
                .flatMap(rules -> rules);
    }

    private static Stream<Rule> sizeRules() {
        byte[] half = repeated('h', MAX_MESSAGE / 2);
        return Stream.of(
                rule("a frame at the limit", text("f".repeat(MAX_FRAME)), textOf("f".repeat(MAX_FRAME))),
                rule(
                        "a frame above the limit, by its header",
                        header(FIN | TEXT, MAX_FRAME + 1),
                        refusal(1009, "Frame above " + MAX_FRAME)),
                rule("the longest frame there is", header(FIN | BINARY, Long.MAX_VALUE), refusal(1009, "Frame")),
                rule("a negative length", header(FIN | BINARY, -1), refusal(1009, "Frame")),
                rule(
                        "a message at the limit",
                        concat(frame(TEXT, half), frame(FIN | CONTINUATION, half)),
                        textOf("h".repeat(MAX_MESSAGE))),
                rule(
                        "a message above the limit, by the header of its last fragment",
                        concat(frame(TEXT, half), frame(CONTINUATION, half), header(FIN | CONTINUATION, 1)),
                        refusal(1009, "Message above " + MAX_MESSAGE)),
                rule(
                        "a good message before one that is too large",
                        concat(text("good"), header(FIN | TEXT, MAX_FRAME + 1)),
                        textOf("good"),
                        refusal(1009, "Frame above " + MAX_FRAME)),
                rule(
                        "a large upload still gets to know why it is refused",
                        concat(text("good"), frame(FIN | BINARY, new byte[8 * MAX_FRAME])),
                        textOf("good"),
                        refusal(1009, "Frame above " + MAX_FRAME)));
    }

    private static Stream<Rule> all() {
        return Stream.of(messages(), utf8Rules(), frameRules(), controlRules(), closeRules(), sizeRules())
                .flatMap(rules -> rules);
    }

    /** The inputs that are refused. */
    static Stream<byte[]> violations() {
        return all().filter(Rule::isRefused).map(Rule::input);
    }

    @TestFactory
    Stream<DynamicTest> overHttp1() {
        return all().map(rule -> test(rule, () -> RawHttp1.open(server.port())));
    }

    @TestFactory
    Stream<DynamicTest> overHttp1WithOneByteRead() {
        return all().filter(rule -> rule.input().length < 20_000)
                .map(rule -> test(rule, () -> RawHttp1.open(slowServer.port())));
    }

    @TestFactory
    Stream<DynamicTest> overHttp1WithTls() {
        return all().map(rule ->
                test(rule, () -> RawHttp1.connectTls(server.tlsPort()).upgrade()));
    }

    @TestFactory
    Stream<DynamicTest> overHttp2() {
        return all().map(rule -> test(rule, () -> RawHttp2.open(server.port())));
    }

    @TestFactory
    Stream<DynamicTest> overHttp2WithTls() {
        return all().map(rule -> test(rule, () -> RawHttp2.openTls(server.tlsPort())));
    }

    private static DynamicTest test(Rule rule, Opener opener) {
        return dynamicTest(rule.claim(), () -> {
            try (RawConnection connection = opener.open()) {
                connection.send(rule.input());
                boolean closed = false;
                for (Frames.Received expected : rule.output()) {
                    Frames.Received frame = connection.next();
                    assertThat(frame.firstByte()).as("of %s", frame.text()).isEqualTo(expected.firstByte());
                    closed = frame.opcode() == CLOSE;
                    if (closed) {
                        assertThat(frame.closeCode()).as(frame.text()).isEqualTo(expected.closeCode());
                        assertThat(frame.closeReason()).contains(expected.closeReason());
                    } else {
                        assertThat(frame.payload()).isEqualTo(expected.payload());
                    }
                }
                if (closed) {
                    connection.expectEnd();
                }
            }
        });
    }
}

package io.duplexer.bridge.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpHeaders;
import io.duplexer.bridge.grpc.HeaderBlock.MalformedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeaderBlockTest {
    private static HttpHeaders parse(String block) throws MalformedException {
        return HeaderBlock.parse(block.getBytes(ISO_8859_1));
    }

    @Test
    void namesComeOutInLowerCaseAndValuesWithoutTheSpaceAroundThem() throws Exception {
        HttpHeaders headers = parse("Content-Type:application/grpc-web+proto\r\nX-A:  b c \r\n");
        assertThat(headers.get("content-type")).isEqualTo("application/grpc-web+proto");
        assertThat(headers.get("x-a")).isEqualTo("b c");
        assertThat(headers.size()).isEqualTo(2);
    }

    @Test
    void linesMayEndWithoutReturnAndTheLastOneNeedsNoEnd() throws Exception {
        assertThat(parse("a: 1\nb: 2").names()).hasToString("[a, b]");
        assertThat(parse("").isEmpty()).isTrue();
        assertThat(parse("\r\n\r\n").isEmpty()).isTrue();
    }

    @Test
    void anAsciiValueKeepsItsCommasAndABinaryOneIsSplitAtThem() throws Exception {
        HttpHeaders headers = parse("a: 1, 2\r\na: 3\r\nb-bin: AQ==,Ag\r\nb-bin: Aw==\r\nempty:\r\n");
        assertThat(headers.getAll("a")).containsExactly("1, 2", "3");
        assertThat(headers.getAll("b-bin")).containsExactly("AQ==", "Ag", "Aw==");
        assertThat(headers.get("empty")).isEmpty();
    }

    @Test
    void aValueMayHoldColonsAndEveryPrintableCharacter() throws Exception {
        StringBuilder printable = new StringBuilder();
        for (char c = '!'; c <= '~'; c++) {
            printable.append(c);
        }
        assertThat(parse("a: " + printable).get("a")).isEqualTo(printable.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "no colon, a line without a name",
        "': value', a line without a name",
        "' : value', a line without a name",
        "'b@d: value', a name with other characters",
        "'b d: value', a name with other characters",
        "'a: \u007f', a is not printable ASCII",
        "'a: \u00e9', a is not printable ASCII",
        "'a: x\ty', a is not printable ASCII",
        "'a: x\ry', a is not printable ASCII",
        "'a-bin: !', a-bin is not base64",
        "'a-bin: AQ==, A', a-bin is not base64",
    })
    void whatIsNoHeaderIsNamed(String block, String reason) {
        assertThatThrownBy(() -> parse(block))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aBlockIsWrittenWithItsFlagAndLength() {
        byte[] block = HeaderBlock.write(List.of(Map.entry("a", "1"), Map.entry("a", "2")));
        assertThat(new String(block, ISO_8859_1)).isEqualTo("\u0080\0\0\0\14a: 1\r\na: 2\r\n");
    }

    @Test
    void anEmptyBlockIsItsPrefix() {
        assertThat(HeaderBlock.write(List.of())).containsExactly(0x80, 0, 0, 0, 0);
    }
}

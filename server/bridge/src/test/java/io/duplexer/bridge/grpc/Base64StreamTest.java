package io.duplexer.bridge.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Base64 in pieces. */
final class Base64StreamTest {
    private static byte[] decode(String text, int pieceLength) {
        var stream = new Base64Stream();
        var decoded = new ByteArrayOutputStream();
        for (var i = 0; i < text.length(); i += pieceLength) {
            var piece = text.substring(i, Math.min(text.length(), i + pieceLength));
            decoded.writeBytes(stream.decode(piece.getBytes(US_ASCII)));
        }
        assertThat(stream.atGroupEnd()).isTrue();
        return decoded.toByteArray();
    }

    @Test
    void isTheSameHoweverItIsCut() {
        var random = new Random(1);
        for (var length = 0; length < 50; length++) {
            var bytes = new byte[length];
            random.nextBytes(bytes);
            var text = Base64.getEncoder().encodeToString(bytes);
            for (var pieceLength = 1; pieceLength <= text.length() + 1; pieceLength++) {
                assertThat(decode(text, pieceLength)).isEqualTo(bytes);
            }
        }
    }

    @Test
    void mayBePaddedAnywhereBetweenGroups() {
        var text = "QQ==" + "QkI=" + "Q0ND" + "RA==";
        for (var pieceLength = 1; pieceLength <= text.length(); pieceLength++) {
            assertThat(decode(text, pieceLength)).asString().isEqualTo("ABBCCCD");
        }
    }

    @Test
    void aGroupThatIsCutShortIsNoticed() {
        var stream = new Base64Stream();

        assertThat(stream.decode("QUJDRA".getBytes(US_ASCII))).asString().isEqualTo("ABC");
        assertThat(stream.atGroupEnd()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"=AAA", "A===", "AA=A", "A A=", "QUJ\n", "QUJ-", "QUJ\u00e9"})
    void whatIsNoBase64IsRefused(String text) {
        assertThatThrownBy(() -> new Base64Stream().decode(text.getBytes(ISO_8859_1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

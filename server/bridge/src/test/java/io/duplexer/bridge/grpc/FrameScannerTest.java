package io.duplexer.bridge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.duplexer.bridge.grpc.FrameScanner.Problem;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where a body stands, and whether its frames are right. */
final class FrameScannerTest {
    private static final int LIMIT = 10;

    private final FrameScanner scanner = FrameScanner.ofMessages(LIMIT);
    private final FrameScanner anything = FrameScanner.ofFrames();

    private static byte[] frames(int flags, int... lengths) {
        var buffer = ByteBuffer.allocate(1024);
        for (var length : lengths) {
            buffer.put((byte) flags).putInt(length).put(new byte[Math.min(length, LIMIT)]);
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private int accept(byte... bytes) {
        return scanner.accept(Unpooled.wrappedBuffer(bytes));
    }

    @Test
    void messagesUpToTheLimitPassHoweverTheyAreCut() {
        var body = frames(1, 0, 1, LIMIT, 0, LIMIT - 1);
        for (var pieceLength = 1; pieceLength <= body.length; pieceLength++) {
            var each = FrameScanner.ofMessages(LIMIT);
            for (var i = 0; i < body.length; i += pieceLength) {
                var piece = Unpooled.wrappedBuffer(body, i, Math.min(pieceLength, body.length - i));
                assertThat(each.accept(piece)).isEqualTo(piece.readableBytes());
            }
            assertThat(each.problem()).isNull();
            assertThat(each.atFrameEnd()).isTrue();
        }
    }

    @Test
    void aBodyThatBreaksOffIsNotAtAFramesEnd() {
        assertThat(scanner.atFrameEnd()).isTrue();
        accept((byte) 0);
        assertThat(scanner.atFrameEnd()).as("in a prefix").isFalse();
        accept((byte) 0, (byte) 0, (byte) 0, (byte) 2);
        assertThat(scanner.atFrameEnd()).as("before the message").isFalse();
        accept((byte) 7);
        assertThat(scanner.atFrameEnd()).as("in the message").isFalse();
        accept((byte) 7);
        assertThat(scanner.atFrameEnd()).isTrue();
    }

    @Test
    void whatIsBeforeAMessageAboveTheLimitMayPass() {
        assertThat(accept(frames(0, LIMIT, LIMIT + 1))).isEqualTo(5 + LIMIT);
        assertThat(scanner.problem()).isEqualTo(new Problem.TooLong(LIMIT + 1));
        assertThat(scanner.atFrameEnd()).isTrue();
    }

    @Test
    void aMessageAboveTheLimitWhosePrefixHasPassedInPartIsNotAtAFramesEnd() {
        accept((byte) 0, (byte) 0);

        assertThat(accept((byte) 0, (byte) 0, (byte) (LIMIT + 1), (byte) 1)).isZero();
        assertThat(scanner.problem()).isEqualTo(new Problem.TooLong(LIMIT + 1));
        assertThat(scanner.atFrameEnd()).isFalse();
    }

    @Test
    void aLengthOfFourBytesIsNotNegative() {
        accept((byte) 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff);

        assertThat(scanner.problem()).isEqualTo(new Problem.TooLong(0xffff_ffffL));
    }

    @Test
    void flagsThatGrpcDoesNotKnowAreRefused() {
        assertThat(accept(frames(0x80, 1))).isZero();
        assertThat(scanner.problem()).isEqualTo(new Problem.UnknownFlags(0x80));
    }

    @Test
    void trailersAreSeenWhenTheyAreWhole() {
        var all = Blocks.concat(frames(0, 0), frames(1, 7), frames(0x80, 3));
        for (var i = 0; i < all.length; i++) {
            assertThat(anything.trailersSeen()).as("after %s bytes", i).isFalse();
            anything.accept(Unpooled.wrappedBuffer(all, i, 1));
        }
        assertThat(anything.trailersSeen()).isTrue();
        assertThat(anything.problem()).isNull();
    }

    @Test
    void wholeFramesAreCounted() {
        assertThat(anything.count()).isZero();
        anything.accept(Unpooled.wrappedBuffer(frames(0, LIMIT, 0, 1), new byte[] {0, 0}));
        assertThat(anything.count()).isEqualTo(3);
        assertThat(anything.trailersSeen()).isFalse();
        anything.accept(Unpooled.wrappedBuffer(new byte[] {0, 0, 1, 42, (byte) 0x81, 0, 0, 0, 0}));
        assertThat(anything.count()).isEqualTo(5);
        assertThat(anything.trailersSeen()).isTrue();
        assertThat(anything.atFrameEnd()).isTrue();
    }

    @Test
    void anythingGoesWhereNothingIsAskedOfTheFrames() {
        anything.accept(Unpooled.wrappedBuffer(
                new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1, 2, 3}));
        assertThat(anything.problem()).isNull();
        assertThat(anything.atFrameEnd()).isFalse();
    }
}

package io.duplexer.bridge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class FrameTrackerTest {
    private final FrameTracker frames = new FrameTracker();

    private static byte[] frame(int flags, int length) {
        return ByteBuffer.allocate(5 + length).put((byte) flags).putInt(length).array();
    }

    private void accept(byte[] bytes) {
        frames.accept(Unpooled.wrappedBuffer(bytes));
    }

    @Test
    void nothingIsAFrameEndWithoutTrailers() {
        accept(new byte[0]);
        assertThat(frames.atFrameEnd()).isTrue();
        assertThat(frames.trailersSeen()).isFalse();
    }

    @Test
    void everyByteOfAFrameButTheLastIsInTheMiddle() {
        byte[] frame = frame(0, 300);
        for (int i = 0; i < frame.length; i++) {
            assertThat(frames.atFrameEnd()).as("after %s bytes", i).isEqualTo(i == 0);
            accept(new byte[] {frame[i]});
        }
        assertThat(frames.atFrameEnd()).isTrue();
        assertThat(frames.trailersSeen()).isFalse();
    }

    @Test
    void trailersAreSeenWhenTheyAreWhole() {
        byte[] all = Blocks.concat(frame(0, 0), frame(1, 7), frame(0x80, 3));
        for (int i = 0; i < all.length; i++) {
            assertThat(frames.trailersSeen()).as("after %s bytes", i).isFalse();
            accept(new byte[] {all[i]});
        }
        assertThat(frames.trailersSeen()).isTrue();
    }

    @Test
    void manyFramesMayComeAtOnce() {
        accept(Blocks.concat(frame(0, 10), frame(0, 0), frame(0, 1), new byte[] {0, 0}));
        assertThat(frames.atFrameEnd()).isFalse();
        assertThat(frames.count()).isEqualTo(3);
        accept(new byte[] {0, 0, 1, 42, (byte) 0x81, 0, 0, 0, 0});
        assertThat(frames.trailersSeen()).isTrue();
        assertThat(frames.atFrameEnd()).isTrue();
    }

    @Test
    void aLengthAboveTwoGibibytesIsNotTakenForNegative() {
        accept(new byte[] {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1, 2, 3});
        assertThat(frames.atFrameEnd()).isFalse();
    }
}

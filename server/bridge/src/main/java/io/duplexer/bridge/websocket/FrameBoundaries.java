package io.duplexer.bridge.websocket;

import java.nio.ByteBuffer;

/** Reads along with a stream of frames, in whatever pieces it comes, to know where they end. */
final class FrameBoundaries {
    private final FrameHeader header = new FrameHeader();
    /** Payload and mask of the current frame that are still to come. */
    private long toSkip;

    /** Reads {@code bytes} from one absolute index to another. */
    void follow(ByteBuffer bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (toSkip > 0) {
                int skipped = (int) Math.min(toSkip, to - i);
                toSkip -= skipped;
                i += skipped;
            } else if (header.accept(bytes.get(i++))) {
                toSkip = header.payloadLength() + (header.isMasked() ? FrameHeader.MASK_BYTES : 0);
                header.clear();
            }
        }
    }

    /** Whether the last byte was the last of a frame, or there has been none. */
    boolean atFrameEnd() {
        return toSkip == 0 && header.isEmpty();
    }
}

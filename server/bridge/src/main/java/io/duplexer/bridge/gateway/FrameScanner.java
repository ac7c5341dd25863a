package io.duplexer.bridge.gateway;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of a gRPC body without keeping them, to hold each message to its limit and to know where the body
 * stands.
 *
 * <pre>
 * flags, 1 byte (0x01: compressed) | length, 4 bytes | that many bytes
 * </pre>
 *
 * Pure: bytes in, a state out.
 */
final class FrameScanner {
    private static final int PREFIX_BYTES = 5;
    private static final int COMPRESSED = 1;

    /** What is wrong with a frame. */
    sealed interface Problem {
        record TooLong(long bytes) implements Problem {}

        record UnknownFlags(int flags) implements Problem {}
    }

    private final long maxMessageBytes;
    private int prefixRead;
    private int flags;
    private long length;
    private long remaining;
    private @Nullable Problem problem;

    FrameScanner(long maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Reads all of the bytes, unless a frame among them is wrong: then up to and with its prefix.
     *
     * @return how many bytes may pass: all, or those before the frame that is wrong
     */
    int accept(ByteBuf bytes) {
        var start = bytes.readerIndex();
        var frameStart = start;
        var prefixIsCut = prefixRead > 0;
        var position = start;
        while (position < bytes.writerIndex()) {
            if (prefixRead == 0) {
                frameStart = position;
                prefixIsCut = false;
            }
            if (prefixRead < PREFIX_BYTES) {
                acceptPrefix(bytes.getUnsignedByte(position++));
                if (problem != null) {
                    prefixRead = prefixIsCut ? 1 : 0;
                    return frameStart - start;
                }
            } else {
                var part = (int) Math.min(remaining, bytes.writerIndex() - position);
                position += part;
                remaining -= part;
            }
            if (prefixRead == PREFIX_BYTES && remaining == 0) {
                prefixRead = 0;
            }
        }
        return position - start;
    }

    private void acceptPrefix(int value) {
        if (prefixRead++ == 0) {
            flags = value;
            length = 0;
        } else {
            length = length << 8 | value;
        }
        if (prefixRead == PREFIX_BYTES) {
            remaining = length;
            if ((flags & ~COMPRESSED) != 0) {
                problem = new Problem.UnknownFlags(flags);
            } else if (length > maxMessageBytes) {
                problem = new Problem.TooLong(length);
            }
        }
    }

    /** What is wrong with the frame that the last bytes had, if anything. */
    @Nullable
    Problem problem() {
        return problem;
    }

    /** Whether what may pass ends with a whole frame, or is nothing. */
    boolean atFrameEnd() {
        return prefixRead == 0;
    }
}

package io.duplexer.bridge.grpc;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of a gRPC or gRPC-Web body without keeping them, to know where it stands.
 *
 * <pre>
 * flags, 1 byte (0x80: trailers) | length, 4 bytes | that many bytes
 * </pre>
 *
 * Pure: bytes in, a state out.
 */
final class FrameTracker {
    private static final int PREFIX_BYTES = 5;
    private static final int TRAILERS_FLAG = 0x80;

    private int prefixRead;
    private int flags;
    private long length;
    private long remaining;
    private long count;
    private boolean trailersSeen;

    void accept(ByteBuf bytes) {
        var position = bytes.readerIndex();
        while (position < bytes.writerIndex()) {
            if (prefixRead < PREFIX_BYTES) {
                acceptPrefix(bytes.getUnsignedByte(position++));
            } else {
                var part = (int) Math.min(remaining, bytes.writerIndex() - position);
                position += part;
                remaining -= part;
            }
            if (prefixRead == PREFIX_BYTES && remaining == 0) {
                count++;
                trailersSeen |= (flags & TRAILERS_FLAG) != 0;
                prefixRead = 0;
            }
        }
    }

    private void acceptPrefix(int value) {
        if (prefixRead++ == 0) {
            flags = value;
            length = 0;
        } else {
            length = length << 8 | value;
        }
        remaining = length;
    }

    /** How many whole frames have passed. */
    long count() {
        return count;
    }

    /** Whether a whole frame of trailers has passed. */
    boolean trailersSeen() {
        return trailersSeen;
    }

    /** Whether the last byte that passed was the last of a frame, or none has. */
    boolean atFrameEnd() {
        return prefixRead == 0;
    }
}

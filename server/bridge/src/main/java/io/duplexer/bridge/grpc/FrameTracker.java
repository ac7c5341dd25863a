package io.duplexer.bridge.grpc;

/**
 * Follows the frames of a gRPC-Web body without keeping them, to know whether it ended with its trailers.
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
    private boolean trailersSeen;

    void accept(byte[] bytes) {
        var position = 0;
        while (position < bytes.length) {
            if (prefixRead < PREFIX_BYTES) {
                acceptPrefix(bytes[position++] & 0xff);
            } else {
                var part = (int) Math.min(remaining, bytes.length - position);
                position += part;
                remaining -= part;
            }
            if (prefixRead == PREFIX_BYTES && remaining == 0) {
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

    /** Whether a whole frame of trailers has passed. */
    boolean trailersSeen() {
        return trailersSeen;
    }

    /** Whether the last byte that passed was the last of a frame, or none has. */
    boolean atFrameEnd() {
        return prefixRead == 0;
    }
}

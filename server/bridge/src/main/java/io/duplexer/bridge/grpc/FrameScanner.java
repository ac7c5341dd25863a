package io.duplexer.bridge.grpc;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of a gRPC or gRPC-Web body without keeping them, to know where the body stands and to hold each
 * frame to what is allowed.
 *
 * <pre>
 * flags, 1 byte (0x01: compressed, 0x80: trailers) | length, 4 bytes | that many bytes
 * </pre>
 *
 * Pure: bytes in, a state out. The frame is that of <a
 * href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP/2</a>, "Length-Prefixed-Message",
 * and of <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md">gRPC-Web</a>.
 */
public final class FrameScanner {
    private static final int PREFIX_BYTES = 5;
    private static final int COMPRESSED_FLAG = 0x01;
    private static final int TRAILERS_FLAG = 0x80;
    private static final int ANY_FLAGS = 0xff;

    /** What is wrong with a frame. */
    public sealed interface Problem {
        /** It announces more bytes than a message may have. */
        record TooLong(long bytes) implements Problem {}

        /** It has flags that a message has not. */
        record UnknownFlags(int flags) implements Problem {}
    }

    private final int allowedFlags;
    private final long maxMessageBytes;
    private int prefixRead;
    private int flags;
    private long length;
    private long remaining;
    private long count;
    private boolean trailersSeen;
    private @Nullable Problem problem;

    private FrameScanner(int allowedFlags, long maxMessageBytes) {
        this.allowedFlags = allowedFlags;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** For a body of whatever frames: none of them is a problem. */
    static FrameScanner ofFrames() {
        return new FrameScanner(ANY_FLAGS, Long.MAX_VALUE);
    }

    /** For a body of messages only, compressed or not. */
    public static FrameScanner ofMessages(long maxMessageBytes) {
        return new FrameScanner(COMPRESSED_FLAG, maxMessageBytes);
    }

    /**
     * Reads all of the bytes, unless a frame among them is wrong: then up to and with its prefix.
     *
     * @return how many bytes may pass: all, or those before the frame that is wrong
     */
    public int accept(ByteBuf bytes) {
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
                count++;
                trailersSeen |= (flags & TRAILERS_FLAG) != 0;
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
            if ((flags & ~allowedFlags) != 0) {
                problem = new Problem.UnknownFlags(flags);
            } else if (length > maxMessageBytes) {
                problem = new Problem.TooLong(length);
            }
        }
    }

    /** What is wrong with the frame that the last bytes had, if anything. */
    public @Nullable Problem problem() {
        return problem;
    }

    /** How many whole frames have passed. */
    long count() {
        return count;
    }

    /** Whether a whole frame of trailers has passed. */
    boolean trailersSeen() {
        return trailersSeen;
    }

    /** Whether what may pass ends with a whole frame, or is nothing. */
    public boolean atFrameEnd() {
        return prefixRead == 0;
    }
}

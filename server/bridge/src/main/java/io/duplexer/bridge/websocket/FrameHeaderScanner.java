package io.duplexer.bridge.websocket;

import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.eclipse.jetty.websocket.core.exception.MessageTooLargeException;
import org.eclipse.jetty.websocket.core.exception.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Reads along with Jetty's parser, headers only, to refuse what that would let through: a frame or message whose header
 * announces more than the limits, before its payload is awaited, and lengths that are not in their shortest form (RFC
 * 6455, section 5.2). The bytes may come in any pieces.
 */
final class FrameHeaderScanner {
    private static final int CONTINUATION = 0;
    private static final int FIRST_CONTROL_OPCODE = 8;

    private final int maxFrameBytes;
    private final int maxMessageBytes;

    private final byte[] header = new byte[10];
    private int headerBytes;
    /** Payload and mask of the current frame that are still to come. */
    private long toSkip;

    private long messageBytes;
    private boolean messageCompressed;
    private @Nullable CloseException violation;

    FrameHeaderScanner(int maxFrameBytes, int maxMessageBytes) {
        this.maxFrameBytes = maxFrameBytes;
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Scans {@code bytes} from one absolute index to another.
     *
     * @return the index up to which all is well; if it is less than {@code to}, the header that ends there is refused for
     *     the reason that {@link #violation()} gives
     */
    int scan(ByteBuffer bytes, int from, int to) {
        int i = from;
        while (i < to) {
            if (toSkip > 0) {
                int skipped = (int) Math.min(toSkip, to - i);
                toSkip -= skipped;
                i += skipped;
                continue;
            }
            header[headerBytes++] = bytes.get(i++);
            if (headerBytes >= 2 && headerBytes == headerLength()) {
                violation = check();
                if (violation != null) {
                    return i - 1;
                }
                headerBytes = 0;
            }
        }
        return to;
    }

    /** Whether the last byte that was scanned was the last of a frame, or none has been. */
    boolean atFrameEnd() {
        return headerBytes == 0 && toSkip == 0;
    }

    @Nullable
    CloseException violation() {
        return violation;
    }

    private int headerLength() {
        return switch (header[1] & 0x7F) {
            case 126 -> 4;
            case 127 -> 10;
            default -> 2;
        };
    }

    private @Nullable CloseException check() {
        long length = payloadLength();
        if (length < shortestOf(headerBytes)) {
            return new ProtocolException("The payload length is not in its shortest form");
        }
        boolean masked = (header[1] & 0x80) != 0;
        toSkip = masked && length >= 0 ? length + 4 : length;
        int opcode = header[0] & 0x0F;
        if (opcode >= FIRST_CONTROL_OPCODE) {
            return null;
        }
        if (length < 0 || length > maxFrameBytes) {
            return new MessageTooLargeException("Frame above " + maxFrameBytes + " bytes");
        }
        if (opcode != CONTINUATION) {
            messageBytes = 0;
            messageCompressed = (header[0] & 0x40) != 0;
        }
        messageBytes += length;
        if (!messageCompressed && messageBytes > maxMessageBytes) {
            return new MessageTooLargeException("Message above " + maxMessageBytes + " bytes");
        }
        return null;
    }

    /** Negative if the most significant bit is set, which section 5.2 forbids. */
    private long payloadLength() {
        if (headerBytes == 2) {
            return header[1] & 0x7F;
        }
        long length = 0;
        for (int i = 2; i < headerBytes; i++) {
            length = length << 8 | (header[i] & 0xFF);
        }
        return length;
    }

    private static long shortestOf(int headerBytes) {
        return switch (headerBytes) {
            case 2 -> 0;
            case 4 -> 126;
            default -> 0x10000;
        };
    }
}

package io.duplexer.bench.load;

import java.nio.ByteBuffer;

/** Counts the blocks of a stream of gRPC or gRPC-Web: a byte of flags, four of length, that many bytes. */
final class BlockReader {
    private static final int HEADERS_FLAG = 0x80;

    private int prefixRead;
    private int flags;
    private int remaining;
    private int messages;
    private long messageBytes;
    private int headerBlocks;

    void accept(ByteBuffer in, int position, int length) {
        int at = position;
        int end = position + length;
        while (at < end) {
            if (prefixRead < 5) {
                int value = in.get(at++) & 0xff;
                flags = prefixRead == 0 ? value : flags;
                remaining = prefixRead == 0 ? 0 : remaining << 8 | value;
                prefixRead++;
                if (prefixRead == 5 && (flags & HEADERS_FLAG) == 0) {
                    messageBytes += remaining;
                }
            } else {
                int part = Math.min(remaining, end - at);
                at += part;
                remaining -= part;
            }
            if (prefixRead == 5 && remaining == 0) {
                prefixRead = 0;
                if ((flags & HEADERS_FLAG) == 0) {
                    messages++;
                } else {
                    headerBlocks++;
                }
            }
        }
    }

    /** The messages since this was last asked. */
    int takeMessages() {
        int taken = messages;
        messages = 0;
        return taken;
    }

    /** The length of all messages since this was last asked, without their prefixes. */
    long takeMessageBytes() {
        long taken = messageBytes;
        messageBytes = 0;
        return taken;
    }

    int headerBlocks() {
        return headerBlocks;
    }
}

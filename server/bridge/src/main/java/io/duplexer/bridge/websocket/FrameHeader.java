package io.duplexer.bridge.websocket;

/**
 * The header of a frame up to its mask, in whatever pieces it comes (RFC 6455, section 5.2):
 *
 * <pre>
 *  0               1               2 ..
 * +-+-----+-------+-+-------------+------------------------------
 * |F|RSV  |opcode |M| length 0-125| length in 16 bits, after 126
 * |I|1 2 3|       |A| 126 or 127  | or in 64 bits, after 127
 * |N|     |       |S|             |
 * +-+-----+-------+-+-------------+------------------------------
 * </pre>
 */
final class FrameHeader {
    static final int FIN = 0x80;
    static final int MASK_BYTES = 4;

    private static final int RSV1 = 0x40;
    private static final int MASKED = 0x80;
    private static final int FIRST_CONTROL_OPCODE = 8;
    private static final int SHORT_BYTES = 2;
    private static final int LONG_BYTES = 4;
    private static final int LONGEST_BYTES = 10;

    private int size;
    private int first;
    private int second;
    private long extendedLength;

    /** Begins the next frame's. */
    void clear() {
        size = 0;
        extendedLength = 0;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Takes the next byte. Returns whether the header is complete with it. */
    boolean accept(byte next) {
        size++;
        if (size == 1) {
            first = next & 0xFF;
            return false;
        }
        if (size == SHORT_BYTES) {
            second = next & 0xFF;
        } else {
            extendedLength = extendedLength << 8 | (next & 0xFF);
        }
        return size == completeSize();
    }

    private int completeSize() {
        return switch (second & 0x7F) {
            case 126 -> LONG_BYTES;
            case 127 -> LONGEST_BYTES;
            default -> SHORT_BYTES;
        };
    }

    /** FIN, the reserved bits and the opcode. */
    int firstByte() {
        return first;
    }

    byte opcode() {
        return (byte) (first & 0x0F);
    }

    boolean isFin() {
        return (first & FIN) != 0;
    }

    boolean isControl() {
        return opcode() >= FIRST_CONTROL_OPCODE;
    }

    /** Of a message's first frame: whether the message is compressed (RFC 7692, section 6). */
    boolean isCompressed() {
        return (first & RSV1) != 0;
    }

    boolean isMasked() {
        return (second & MASKED) != 0;
    }

    /** The length of the payload in bytes, as an unsigned number, which section 5.2 keeps below 2^63. */
    long payloadLength() {
        return size == SHORT_BYTES ? second & 0x7F : extendedLength;
    }

    /** Whether the length could not have been written in fewer bytes. */
    boolean isShortest() {
        return switch (size) {
            case SHORT_BYTES -> true;
            case LONG_BYTES -> extendedLength > 125;
            default -> Long.compareUnsigned(extendedLength, 0xFFFF) > 0;
        };
    }
}

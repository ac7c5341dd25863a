package io.duplexer.bridge.websocket;

/**
 * Encodes the header of an unfragmented, unmasked frame (RFC 6455, section 5.2), which is all that a server sends:
 *
 * <pre>
 *  0               1               2 ..
 * +-+-----+-------+-+-------------+------------------------------+---------
 * |1|0 0 0|opcode |0| length 0-125|                              |
 * |F| RSV |       |M|     126     | length in 16 bits            | payload
 * |I|     |       |A|     127     | length in 64 bits            |
 * +-+-----+-------+-+-------------+------------------------------+---------
 * </pre>
 */
final class FrameEncoder {
    static final byte TEXT = 1;
    static final byte BINARY = 2;

    static final int MAX_HEADER_LENGTH = 10;

    private static final int FIN = 0x80;

    private FrameEncoder() {}

    static int headerLength(int payloadLength) {
        if (payloadLength <= 125) {
            return 2;
        }
        return payloadLength <= 0xFFFF ? 4 : 10;
    }

    /** Writes the header to the start of {@code out}. */
    static void writeHeader(byte opcode, int payloadLength, byte[] out) {
        out[0] = (byte) (FIN | opcode);
        if (payloadLength <= 125) {
            out[1] = (byte) payloadLength;
            return;
        }
        int lengthBytes;
        if (payloadLength <= 0xFFFF) {
            out[1] = 126;
            lengthBytes = 2;
        } else {
            out[1] = 127;
            lengthBytes = 8;
        }
        long rest = payloadLength;
        for (int i = 1 + lengthBytes; i > 1; i--) {
            out[i] = (byte) rest;
            rest >>>= 8;
        }
    }
}

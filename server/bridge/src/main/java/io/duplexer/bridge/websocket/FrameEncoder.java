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

    private FrameEncoder() {}

    static int headerLength(int payloadLength) {
        if (payloadLength <= 125) {
            return 2;
        }
        return payloadLength <= 0xFFFF ? 4 : 10;
    }

    static byte[] header(byte opcode, int payloadLength) {
        byte[] header = new byte[headerLength(payloadLength)];
        header[0] = (byte) (FrameHeader.FIN | opcode);
        header[1] = (byte)
                switch (header.length) {
                    case 2 -> payloadLength;
                    case 4 -> 126;
                    default -> 127;
                };
        long rest = payloadLength;
        for (int i = header.length - 1; i > 1; i--) {
            header[i] = (byte) rest;
            rest >>>= 8;
        }
        return header;
    }
}

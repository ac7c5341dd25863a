package io.duplexer.bridge.websocket;

import java.nio.ByteBuffer;

/**
 * Checks UTF-8 that comes in pieces, and finds a fault at the first byte that no valid text could have there (RFC 6455,
 * section 8.1, with the well-formed sequences of RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
 */
final class Utf8Validator {
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** How many continuation bytes the current character still needs. */
    private int missing;
    /** What the next continuation byte must lie between. */
    private int least = 0x80;

    private int most = 0xBF;

    /**
     * Reads on to the buffer's limit, without moving its position.
     *
     * @return false if the text is not UTF-8; the validator must be reset then
     */
    boolean accept(ByteBuffer bytes) {
        int end = bytes.limit();
        int i = bytes.position();
        while (i < end) {
            if (missing == 0) {
                i = skipAscii(bytes, i, end);
                if (i == end) {
                    return true;
                }
                if (!startCharacter(bytes.get(i) & 0xFF)) {
                    return false;
                }
            } else if (!continueCharacter(bytes.get(i) & 0xFF)) {
                return false;
            }
            i++;
        }
        return true;
    }

    /** Begins another text. */
    void reset() {
        missing = 0;
        least = 0x80;
        most = 0xBF;
    }

    /** Whether the text may end here, which is to say not within a character. */
    boolean isComplete() {
        return missing == 0;
    }

    private static int skipAscii(ByteBuffer bytes, int from, int end) {
        int i = from;
        while (i + Long.BYTES <= end && (bytes.getLong(i) & HIGH_BITS) == 0) {
            i += Long.BYTES;
        }
        while (i < end && bytes.get(i) >= 0) {
            i++;
        }
        return i;
    }

    private boolean startCharacter(int lead) {
        least = 0x80;
        most = 0xBF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            missing = 1;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            missing = 2;
            if (lead == 0xE0) {
                least = 0xA0; // below: overlong
            } else if (lead == 0xED) {
                most = 0x9F; // above: surrogates
            }
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            missing = 3;
            if (lead == 0xF0) {
                least = 0x90; // below: overlong
            } else if (lead == 0xF4) {
                most = 0x8F; // above: beyond U+10FFFF
            }
        } else {
            return false;
        }
        return true;
    }

    private boolean continueCharacter(int next) {
        if (next < least || next > most) {
            return false;
        }
        least = 0x80;
        most = 0xBF;
        missing--;
        return true;
    }
}

package io.duplexer.bridge.grpc;

import java.util.Arrays;

/**
 * Decodes base64 that comes in pieces cut anywhere. Padding may end any group of four, after which the next group begins:
 * senders pad whatever they flush (PROTOCOL-WEB, "Text-encoded"). Pure.
 */
public final class Base64Stream {
    private static final byte INVALID = -1;
    private static final byte PADDING = -2;
    private static final byte[] VALUES = values();

    /** The bits of the group so far, and how many characters of it there were. */
    private int bits;

    private int characters;
    private int padding;

    private static byte[] values() {
        var values = new byte[256];
        Arrays.fill(values, INVALID);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (var i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        values['='] = PADDING;
        return values;
    }

    /**
     * Returns the bytes of all groups that the piece completes.
     *
     * @throws IllegalArgumentException if it is not base64
     */
    public byte[] decode(byte[] piece) {
        var decoded = new byte[(characters + piece.length) / 4 * 3];
        var length = 0;
        for (var character : piece) {
            accept(VALUES[character & 0xff]);
            if (characters == 4) {
                decoded[length] = (byte) (bits >> 16);
                decoded[length + 1] = (byte) (bits >> 8);
                decoded[length + 2] = (byte) bits;
                length += 3 - padding;
                bits = 0;
                characters = 0;
                padding = 0;
            }
        }
        return length == decoded.length ? decoded : Arrays.copyOf(decoded, length);
    }

    private void accept(byte value) {
        if (value == PADDING && characters >= 2) {
            padding++;
        } else if (value < 0 || padding > 0) {
            throw new IllegalArgumentException("body: not base64");
        }
        bits = bits << 6 | (value == PADDING ? 0 : value);
        characters++;
    }

    /** Whether the last group is complete. */
    public boolean atGroupEnd() {
        return characters == 0;
    }
}

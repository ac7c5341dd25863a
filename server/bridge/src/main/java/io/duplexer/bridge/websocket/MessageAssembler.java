package io.duplexer.bridge.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.eclipse.jetty.websocket.core.exception.BadPayloadException;
import org.eclipse.jetty.websocket.core.exception.MessageTooLargeException;

/**
 * Puts the pieces of one message at a time together. Text is checked piece by piece, so that bad UTF-8 is refused at
 * once, however much of the message is still to come (RFC 6455, section 8.1).
 */
final class MessageAssembler {
    private static final byte[] NOTHING = new byte[0];

    private final int maxMessageBytes;
    private byte[] assembled = NOTHING;
    private int length;
    private boolean text;
    private final Utf8Validator validator = new Utf8Validator();

    MessageAssembler(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Begins a message of text or bytes. */
    void begin(boolean isText) {
        text = isText;
        length = 0;
        validator.reset();
    }

    boolean isText() {
        return text;
    }

    /**
     * Adds a piece that is not the last one, and is the assembler's own from now on.
     *
     * @throws MessageTooLargeException if the message is longer than allowed
     * @throws BadPayloadException if it cannot be UTF-8 any more
     */
    void add(byte[] piece) {
        check(piece, false);
        if (length == 0) {
            assembled = piece;
        } else {
            append(piece);
        }
        length += piece.length;
    }

    private void append(byte[] piece) {
        if (assembled.length - length < piece.length) {
            int capacity =
                    (int) Math.min(maxMessageBytes, Math.max(2L * assembled.length, (long) length + piece.length));
            assembled = Arrays.copyOf(assembled, capacity);
        }
        System.arraycopy(piece, 0, assembled, length, piece.length);
    }

    /** Takes the last piece and returns the message as text; throws as {@link #add} does. */
    String endText(byte[] last) {
        return new String(endBinary(last), StandardCharsets.UTF_8);
    }

    /** Takes the last piece and returns the message as bytes, which may be the piece itself; throws as {@link #add} does. */
    byte[] endBinary(byte[] last) {
        check(last, true);
        if (length == 0) {
            return last;
        }
        byte[] message = Arrays.copyOf(assembled, length + last.length);
        System.arraycopy(last, 0, message, length, last.length);
        assembled = NOTHING;
        length = 0;
        return message;
    }

    private void check(byte[] piece, boolean last) {
        if ((long) length + piece.length > maxMessageBytes) {
            throw new MessageTooLargeException("Message above " + maxMessageBytes + " bytes");
        }
        if (text && (!validator.accept(ByteBuffer.wrap(piece)) || (last && !validator.isComplete()))) {
            throw new BadPayloadException("Text is not UTF-8");
        }
    }
}

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
     * Adds a piece that is not the last one.
     *
     * @throws MessageTooLargeException if the message is longer than allowed
     * @throws BadPayloadException if it cannot be UTF-8 any more
     */
    void add(ByteBuffer piece) {
        check(piece, false);
        int added = piece.remaining();
        if (assembled.length - length < added) {
            int capacity = (int) Math.min(maxMessageBytes, Math.max(2L * assembled.length, (long) length + added));
            assembled = Arrays.copyOf(assembled, capacity);
        }
        piece.get(assembled, length, added);
        length += added;
    }

    /** Takes the last piece and returns the message as text; throws as {@link #add} does. */
    String endText(ByteBuffer last) {
        check(last, true);
        if (length == 0 && last.hasArray()) {
            return new String(
                    last.array(), last.arrayOffset() + last.position(), last.remaining(), StandardCharsets.UTF_8);
        }
        return new String(join(last), StandardCharsets.UTF_8);
    }

    /** Takes the last piece and returns the message as bytes; throws as {@link #add} does. */
    byte[] endBinary(ByteBuffer last) {
        check(last, true);
        return join(last);
    }

    private void check(ByteBuffer piece, boolean last) {
        if ((long) length + piece.remaining() > maxMessageBytes) {
            throw new MessageTooLargeException("Message above " + maxMessageBytes + " bytes");
        }
        if (text && (!validator.accept(piece) || (last && !validator.isComplete()))) {
            throw new BadPayloadException("Text is not UTF-8");
        }
    }

    private byte[] join(ByteBuffer last) {
        byte[] message = new byte[length + last.remaining()];
        System.arraycopy(assembled, 0, message, 0, length);
        last.get(message, length, last.remaining());
        assembled = NOTHING;
        length = 0;
        return message;
    }
}

package io.duplexer.bridge.websocket;

import io.netty.buffer.ByteBuf;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.eclipse.jetty.websocket.core.exception.MessageTooLargeException;
import org.eclipse.jetty.websocket.core.exception.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a client (RFC 6455, section 5.2) from whatever pieces they come in. A control frame is told of when it
 * is whole, a data frame piece by piece, so that nothing is kept here but the start of a header or of a control frame.
 *
 * <p>A header that announces more than the limits is refused before its payload is awaited. What depends on the frames
 * before it or on the extensions, Jetty's session checks.
 */
final class FrameParser {
    private static final byte[] NOTHING = new byte[0];

    private final int maxFrameBytes;
    private final int maxMessageBytes;

    private final FrameHeader header = new FrameHeader();
    private final Mask mask = new Mask();
    private Part part = Part.HEADER;
    /** The first byte of the next frame that is told of: a piece behind another is a continuation. */
    private int firstByte;
    /** The bytes of the payload that have not been read. */
    private int remaining;

    private byte[] control = NOTHING;

    private long messageBytes;
    private boolean messageCompressed;

    /** Which part of a frame the next byte belongs to. */
    private enum Part {
        HEADER,
        MASK,
        PAYLOAD
    }

    FrameParser(int maxFrameBytes, int maxMessageBytes) {
        this.maxFrameBytes = maxFrameBytes;
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Reads up to the end of a frame, or as far as there are bytes.
     *
     * @return the frame, or what of a data frame there is; null if there is nothing to tell yet
     * @throws CloseException if the client must not send this; nothing behind it can be read
     */
    @Nullable
    ClientFrame parse(ByteBuf bytes) {
        while (part != Part.PAYLOAD) {
            if (!bytes.isReadable()) {
                return null;
            }
            acceptBeforePayload(bytes.readByte());
        }
        return header.isControl() ? parseControl(bytes) : parseData(bytes);
    }

    private void acceptBeforePayload(byte next) {
        if (part == Part.HEADER) {
            if (header.accept(next)) {
                check();
                part = Part.MASK;
            }
        } else if (mask.accept(next)) {
            firstByte = header.firstByte();
            part = Part.PAYLOAD;
        }
    }

    private void check() {
        if (!OpCode.isKnown(header.opcode())) {
            throw new ProtocolException("Unknown opcode: " + header.opcode());
        }
        if (!header.isShortest()) {
            throw new ProtocolException("The payload length is not in its shortest form");
        }
        if (!header.isMasked()) {
            throw new ProtocolException("Clients MUST mask all frames (RFC 6455, section 5.1)");
        }
        if (header.isControl()) {
            checkControl();
        } else {
            checkData();
        }
        remaining = (int) header.payloadLength();
    }

    private void checkControl() {
        if (!header.isFin()) {
            throw new ProtocolException("Fragmented control frame");
        }
        if (Long.compareUnsigned(header.payloadLength(), Frame.MAX_CONTROL_PAYLOAD) > 0) {
            throw new ProtocolException("Control frame above " + Frame.MAX_CONTROL_PAYLOAD + " bytes");
        }
        control = new byte[(int) header.payloadLength()];
    }

    private void checkData() {
        if (Long.compareUnsigned(header.payloadLength(), maxFrameBytes) > 0) {
            throw new MessageTooLargeException("Frame above " + maxFrameBytes + " bytes");
        }
        if (header.opcode() != OpCode.CONTINUATION) {
            messageBytes = 0;
            messageCompressed = header.isCompressed();
        }
        messageBytes += header.payloadLength();
        if (!messageCompressed && messageBytes > maxMessageBytes) {
            throw new MessageTooLargeException("Message above " + maxMessageBytes + " bytes");
        }
    }

    private @Nullable ClientFrame parseControl(ByteBuf bytes) {
        read(bytes, control, control.length - remaining);
        return remaining > 0 ? null : endFrame(control);
    }

    private @Nullable ClientFrame parseData(ByteBuf bytes) {
        byte[] piece = new byte[Math.min(remaining, bytes.readableBytes())];
        read(bytes, piece, 0);
        if (remaining == 0) {
            return endFrame(piece);
        }
        if (piece.length == 0) {
            return null;
        }
        ClientFrame frame = new ClientFrame(firstByte & ~FrameHeader.FIN, piece);
        firstByte = (firstByte & FrameHeader.FIN) | OpCode.CONTINUATION;
        return frame;
    }

    /** Fills {@code target} from {@code from} on, as far as there are bytes. */
    private void read(ByteBuf bytes, byte[] target, int from) {
        int length = Math.min(target.length - from, bytes.readableBytes());
        bytes.readBytes(target, from, length);
        mask.takeOff(target, from, from + length);
        remaining -= length;
    }

    private ClientFrame endFrame(byte[] payload) {
        ClientFrame frame = new ClientFrame(firstByte, payload);
        header.clear();
        mask.clear();
        control = NOTHING;
        part = Part.HEADER;
        return frame;
    }
}

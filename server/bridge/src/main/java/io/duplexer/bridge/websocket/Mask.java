package io.duplexer.bridge.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Takes the mask off a payload (RFC 6455, section 5.3) that comes in whatever pieces, eight bytes at a time. */
final class Mask {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private int size;
    /** The key, its next octet in the lowest bits. */
    private int key;

    void clear() {
        size = 0;
        key = 0;
    }

    /** Takes the next octet of the key. Returns whether that was the last one. */
    boolean accept(byte next) {
        key |= (next & 0xFF) << (Byte.SIZE * size++);
        return size == FrameHeader.MASK_BYTES;
    }

    /** Unmasks the next bytes of the payload in place. */
    void takeOff(byte[] bytes, int from, int to) {
        long both = ((key & 0xFFFF_FFFFL) << Integer.SIZE) | (key & 0xFFFF_FFFFL);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ both);
        }
        for (; i < to; i++) {
            bytes[i] ^= (byte) key;
            key = Integer.rotateRight(key, Byte.SIZE);
        }
    }
}

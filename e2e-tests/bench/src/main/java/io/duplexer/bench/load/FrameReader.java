package io.duplexer.bench.load;

import java.nio.ByteBuffer;

/** Cuts what a server sends into frames (RFC 6455, section 5.2): unmasked, and of one frame a message. */
final class FrameReader {
    private static final int FIN = 0x80;

    private final Sink sink;
    /** The first bytes of a frame whose end has not come yet, ready to be read. */
    private ByteBuffer rest = ByteBuffer.allocate(0);

    interface Sink {
        void onFrame(int opcode, ByteBuffer buffer, int offset, int length);
    }

    FrameReader(Sink sink) {
        this.sink = sink;
    }

    void accept(ByteBuffer in) {
        if (!rest.hasRemaining()) {
            cut(in);
            rest = copyOf(in, ByteBuffer.allocate(0));
        } else {
            ByteBuffer joined = copyOf(rest, in);
            cut(joined);
            rest = joined;
        }
    }

    private static ByteBuffer copyOf(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
    }

    private void cut(ByteBuffer in) {
        while (in.remaining() >= 2) {
            int start = in.position();
            int first = in.get(start) & 0xff;
            int shortLength = in.get(start + 1) & 0xff;
            if ((first & FIN) == 0 || shortLength > 127) {
                throw new IllegalStateException("frame: fragmented or masked (expected: whole, from a server)");
            }
            int header = shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10;
            if (in.remaining() < header) {
                return;
            }
            int length = switch (header) {
                case 2 -> shortLength;
                case 4 -> in.getShort(start + 2) & 0xffff;
                default -> Math.toIntExact(in.getLong(start + 2));
            };
            if (in.remaining() < header + length) {
                return;
            }
            in.position(start + header + length);
            sink.onFrame(first & 0x0f, in, start + header, length);
        }
    }
}

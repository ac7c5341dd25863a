package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponseWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;

/**
 * HTTP/2: frames go through Armeria's response stream, one chunk at a time, each written when the peer's flow-control
 * window has let the last one pass.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The one future here is handled.
final class StreamTransport implements Transport {
    /** Below this, copying costs less than a buffer of buffers. */
    private static final int COPIED_BYTES = 4096;

    private final HttpResponseWriter response;
    private final InboundStream inbound;
    private final ByteBufAllocator alloc;
    private boolean writing;

    StreamTransport(HttpResponseWriter response, InboundStream inbound, ByteBufAllocator alloc) {
        this.response = response;
        this.inbound = inbound;
        this.alloc = alloc;
    }

    @Override
    public boolean isReady() {
        return !writing;
    }

    @Override
    public void write(List<ByteBuf> frames, long bytes, WriteListener listener) {
        writing = true;
        if (!response.tryWrite(HttpData.wrap(join(frames, bytes)))) {
            listener.onFailed();
            return;
        }
        response.whenConsumed().handle((unused, cause) -> {
            writing = false;
            if (cause == null) {
                listener.onWritten(bytes);
            } else {
                listener.onFailed();
            }
            return null;
        });
    }

    @Override
    public void end() {
        response.close();
        inbound.drain();
    }

    @Override
    public void abort() {
        inbound.cancel();
        response.abort();
    }

    private ByteBuf join(List<ByteBuf> frames, long bytes) {
        if (frames.size() == 1) {
            return frames.get(0);
        }
        if (bytes > COPIED_BYTES) {
            return alloc.compositeBuffer(frames.size()).addComponents(true, frames);
        }
        ByteBuf joined = alloc.directBuffer(Math.toIntExact(bytes));
        for (ByteBuf frame : frames) {
            joined.writeBytes(frame);
            frame.release();
        }
        return joined;
    }
}

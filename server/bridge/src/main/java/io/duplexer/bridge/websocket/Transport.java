package io.duplexer.bridge.websocket;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Where a session's frames leave and how its connection ends. Every method is called on the connection's event loop.
 * This is the seam between HTTP/1.1, where frames go straight to the channel, and HTTP/2, where they go through Armeria's
 * stream and its flow control.
 */
interface Transport {
    /** Told, on the event loop, what became of a write. */
    interface WriteListener {
        /** So many bytes were handed to the operating system; the transport may be ready again. */
        void onWritten(long bytes);

        /** Nothing can be written any more. */
        void onFailed();
    }

    /** Whether {@link #write} may be called now. */
    boolean isReady();

    /**
     * Writes and flushes.
     *
     * @param frames released by the transport, in any case
     * @param bytes what they hold together
     */
    void write(List<ByteBuf> frames, long bytes, WriteListener listener);

    /**
     * Ends the connection in order; everything has been written. The peer's bytes are dropped until it ends the connection
     * too.
     */
    void end();

    /** Ends the connection at once. Idempotent. */
    void abort();
}

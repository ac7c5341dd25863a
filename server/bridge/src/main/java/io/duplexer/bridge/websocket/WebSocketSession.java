package io.duplexer.bridge.websocket;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One open WebSocket. Every method may be called from any thread and returns at once. What one thread sends, pings and
 * closes leaves in that order, on the event loop too; frames sent within one turn of the event loop leave together. A send
 * that fails has closed the session or found it closed, so that the futures may be ignored.
 */
public interface WebSocketSession {
    /** The context of the request that was upgraded. */
    ServiceRequestContext context();

    /** The headers of the request that was upgraded, cookies and all. */
    default RequestHeaders headers() {
        return context().request().headers();
    }

    /** The address at the other end of the connection; {@code context().clientAddress()} sees through proxies. */
    default InetSocketAddress remoteAddress() {
        return context().remoteAddress();
    }

    /** The negotiated subprotocol as the endpoint was configured with it, or null if there is none. */
    @Nullable
    String subprotocol();

    /**
     * Sends a text message.
     *
     * @return completed, on the event loop, when the bytes were handed to the operating system; failed with {@link
     *     WebSocketClosedException} when they never will be. A send that finds {@link WebSocketConfig#maxQueuedBytes()}
     *     exceeded fails and closes the session with {@link CloseStatus#SLOW_CONSUMER}.
     */
    @CanIgnoreReturnValue
    CompletableFuture<Void> sendText(String text);

    /**
     * Sends a binary message, see {@link #sendText}.
     *
     * @param message the session's own until the future completes
     */
    @CanIgnoreReturnValue
    CompletableFuture<Void> sendBinary(byte[] message);

    /** Sends the bytes from position to limit as {@link #sendBinary(byte[])} does. They are copied at once. */
    @CanIgnoreReturnValue
    CompletableFuture<Void> sendBinary(ByteBuffer message);

    /**
     * Sends a binary message as {@link #sendBinary(byte[])} does, without a copy where it is long.
     *
     * @param message the session's own from now on, which releases it however the send ends
     */
    @CanIgnoreReturnValue
    CompletableFuture<Void> sendBinary(ByteBuf message);

    /** Sends a message that was encoded once for many sessions, see {@link #sendText}. */
    @CanIgnoreReturnValue
    CompletableFuture<Void> send(PreparedMessage message);

    /**
     * Sends a ping besides the engine's own; its pong comes to {@link WebSocketListener#onPong}.
     *
     * @param payload at most 125 bytes
     */
    @CanIgnoreReturnValue
    CompletableFuture<Void> sendPing(byte[] payload);

    /** Closes with {@link CloseStatus#NORMAL}. */
    default void close() {
        close(CloseStatus.NORMAL);
    }

    /** Closes with this code and reason, see {@link #close(CloseStatus)}. */
    default void close(int code, String reason) {
        close(new CloseStatus(code, reason));
    }

    /**
     * Starts the closing handshake (RFC 6455, section 7.1.2) after everything that was sent before. Messages that still
     * come in are dropped. A peer that does not answer is cut off, see {@link WebSocketConfig#closeTimeout()}. Does
     * nothing when the session is closing already.
     *
     * @throws IllegalArgumentException if the code must not be sent
     */
    void close(CloseStatus status);

    /** Cuts the connection without a Close frame; queued frames are lost. For peers that deserve nothing better. */
    void abort();

    /** Whether neither side has begun to close. */
    boolean isOpen();

    /**
     * Whether little enough waits to be written. Becomes false above 64 KiB (or half of {@link
     * WebSocketConfig#maxQueuedBytes()}, if that is less); {@link WebSocketListener#onWritable()} tells when it is true
     * again.
     */
    boolean isWritable();

    /** The bytes of all frames that were sent but not yet handed to the operating system. */
    long queuedBytes();

    /**
     * Stops reading: no message, ping or pong is processed until {@link #resumeReading()}. The transport is not read
     * either, beyond a few buffers, so that the peer's writes come to a halt. The peer's liveness is not judged
     * meanwhile, and its Close frame waits like the rest. Takes effect at once on the event loop, and with the loop's
     * next turn from elsewhere. A connection that is lost is noticed all the same, and what was not read is lost too.
     */
    void pauseReading();

    /** Undoes {@link #pauseReading()}. Closing resumes by itself. */
    void resumeReading();

    /** Completes with what {@link WebSocketListener#onClosed} is told, right after it. */
    CompletableFuture<CloseStatus> whenClosed();
}

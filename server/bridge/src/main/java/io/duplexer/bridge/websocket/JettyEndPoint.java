package io.duplexer.bridge.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty takes for a socket. Reading pulls from the request's body, past the scanner; writing adds to the outbound
 * queue, which takes everything, so that a write is always complete at once and Jetty's own queues stay empty. That keeps
 * Jetty's frames and those that go past it in one order. Used on the event loop only.
 */
final class JettyEndPoint extends AbstractEndPoint {
    private final InboundStream inbound;
    private final OutboundQueue outbound;
    private final FrameHeaderScanner scanner;
    private final ByteBufAllocator alloc;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;
    private final Runnable onClosed;

    /** @param onClosed run once when Jetty is done with the connection, in order or not */
    JettyEndPoint(
            InboundStream inbound,
            OutboundQueue outbound,
            FrameHeaderScanner scanner,
            ByteBufAllocator alloc,
            SocketAddress localAddress,
            SocketAddress remoteAddress,
            Runnable onClosed) {
        super(null); // No scheduler, for no idle timeout: pings do that.
        this.inbound = inbound;
        this.outbound = outbound;
        this.scanner = scanner;
        this.alloc = alloc;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.onClosed = onClosed;
    }

    @Override
    public int fill(ByteBuffer buffer) {
        throwIfViolated();
        int length = inbound.read(buffer);
        if (length <= 0) {
            return length;
        }
        int to = buffer.limit();
        int from = to - length;
        int accepted = scanner.scan(buffer, from, to);
        buffer.limit(accepted);
        if (accepted == from) {
            throwIfViolated();
        }
        return accepted - from; // What is wrong behind that comes up with the next call.
    }

    private void throwIfViolated() {
        CloseException violation = scanner.violation();
        if (violation != null) {
            throw violation;
        }
    }

    @Override
    public boolean flush(ByteBuffer... buffers) {
        ByteBuf frames = alloc.directBuffer(Math.toIntExact(BufferUtil.remaining(buffers)));
        for (ByteBuffer buffer : buffers) {
            frames.writeBytes(buffer);
        }
        outbound.addUnreserved(frames);
        return true;
    }

    @Override
    protected void needsFillInterest() {
        inbound.request();
    }

    @Override
    protected void onIncompleteFlush() {
        throw new IllegalStateException("The outbound queue takes everything");
    }

    @Override
    protected void doClose() {
        onClosed.run();
    }

    @Override
    public void onClose(@Nullable Throwable failure) {
        super.onClose(failure);
        Connection connection = getConnection();
        if (connection != null) {
            connection.onClose(failure);
        }
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return localAddress;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return remoteAddress;
    }

    @Override
    public Object getTransport() {
        return inbound;
    }
}

package io.duplexer.bridge.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty takes for a socket, to write to: {@link JettyConnection} reads elsewhere. Writing adds to the outbound queue,
 * which takes everything, so that a write is always complete at once and Jetty's own queues stay empty. That keeps Jetty's
 * frames and those that go past it in one order. Used on the event loop only.
 */
final class JettyEndPoint extends AbstractEndPoint {
    private final OutboundQueue outbound;
    private final ByteBufAllocator alloc;
    private final SocketAddress localAddress;
    private final SocketAddress remoteAddress;
    private final Runnable onClosed;

    /** @param onClosed run once when Jetty is done with the connection, in order or not */
    JettyEndPoint(
            OutboundQueue outbound,
            ByteBufAllocator alloc,
            SocketAddress localAddress,
            SocketAddress remoteAddress,
            Runnable onClosed) {
        super(null); // No scheduler, for no idle timeout: pings do that.
        this.outbound = outbound;
        this.alloc = alloc;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.onClosed = onClosed;
    }

    @Override
    public int fill(ByteBuffer buffer) {
        throw new UnsupportedOperationException("Jetty does not read");
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
        throw new UnsupportedOperationException("Jetty does not read");
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
        return outbound;
    }
}

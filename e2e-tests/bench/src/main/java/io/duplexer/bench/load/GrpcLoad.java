package io.duplexer.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Connections of gRPC clients on the calling thread, made to cost little beside the server under test, as {@link Load}. */
public final class GrpcLoad implements AutoCloseable {
    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    private final int port;
    private long bytesIn;
    private long bytesOut;
    private long messageBytesIn;

    /** What reads from one connection. */
    interface Reader {
        /** Takes all that has come. */
        void read(ByteBuffer in);
    }

    /** Clients of the server at this port. */
    public GrpcLoad(int port) {
        this.port = port;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    SocketChannel connect(Reader reader) {
        try {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, reader);
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(SocketChannel channel, ByteBuffer bytes) {
        bytesOut += bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the server does not take more", e);
        }
    }

    /** A message of so many bytes has come, without what frames it. */
    void received(long messageBytes) {
        messageBytesIn += messageBytes;
    }

    /** All bytes that have come on all connections, those of TCP and IP not counted. */
    public long bytesIn() {
        return bytesIn;
    }

    /** All bytes that were sent on all connections, those of TCP and IP not counted. */
    public long bytesOut() {
        return bytesOut;
    }

    /** Of {@link #bytesIn} those of messages, without headers and frames. */
    public long messageBytesIn() {
        return messageBytesIn;
    }

    /** Goes on for a time. */
    public void run(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            turn(100);
        }
    }

    /** Goes on for a time without ever waiting, so that {@code act} is called as soon as its time comes. */
    public void run(Duration duration, Runnable act) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            act.run();
            turn(0);
        }
    }

    /** Goes on until something is so, for a minute at most. */
    public void runUntil(BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("messages are missing after a minute");
            }
            turn(100);
        }
    }

    private void turn(long maxWaitMillis) {
        try {
            if (maxWaitMillis == 0) {
                selector.selectNow(this::read);
            } else {
                selector.select(this::read, maxWaitMillis);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(SelectionKey key) {
        try {
            buffer.clear();
            int bytes = ((SocketChannel) key.channel()).read(buffer);
            if (bytes < 0) {
                throw new IllegalStateException("the server has closed the connection");
            }
            bytesIn += bytes;
            ((Reader) key.attachment()).read(buffer.flip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

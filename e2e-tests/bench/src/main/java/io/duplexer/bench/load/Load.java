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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * WebSocket clients on the calling thread, made to cost little beside the server under test: one selector, one read
 * buffer, no object per message.
 */
public final class Load implements AutoCloseable {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    private final List<Client> clients = new ArrayList<>();

    public Load() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a client and waits until it can send. */
    public Client open(int port, Protocol protocol, MessageListener listener) {
        try {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            upgrade(channel, port, protocol);
            channel.configureBlocking(false);
            Client client = new Client(channel, protocol, listener);
            channel.register(selector, SelectionKey.OP_READ, client);
            clients.add(client);
            while (!client.isReady()) {
                turn();
            }
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As many clients as wanted, see {@link #open(int, Protocol, MessageListener)}. */
    public List<Client> open(int count, int port, Protocol protocol, MessageListener listener) {
        List<Client> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opened.add(open(port, protocol, listener));
        }
        return opened;
    }

    private static void upgrade(SocketChannel channel, int port, Protocol protocol) throws IOException {
        channel.write(StandardCharsets.US_ASCII.encode("GET " + protocol.path() + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nOrigin: http://127.0.0.1:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + KEY
                + (protocol.subprotocol().isEmpty() ? "" : "\r\nSec-WebSocket-Protocol: " + protocol.subprotocol())
                + "\r\n\r\n"));
        // Byte by byte, so that no frame behind the response is taken for a part of it.
        StringBuilder response = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (response.indexOf("\r\n\r\n") < 0) {
            if (channel.read(one.clear()) < 0) {
                throw new IOException("no upgrade: " + response);
            }
            response.append((char) one.get(0));
        }
        if (!response.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no upgrade: " + response);
        }
    }

    /** Reads what has come, or waits for something a little while. */
    public void turn() {
        try {
            selector.select(
                    key -> {
                        try {
                            ((Client) key.attachment()).receive(buffer);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes on for a time. */
    public void run(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            turn();
        }
    }

    /** Goes on until something is so, for a minute at most. */
    public void runUntil(BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("messages are missing after a minute");
            }
            turn();
        }
    }

    @Override
    public void close() {
        try {
            for (Client client : clients) {
                client.close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

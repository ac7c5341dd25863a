package io.duplexer.e2e.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between clients and a server on one machine, and fails on demand: cuts what is connected, or refuses WebSockets as
 * some companies' proxies do. A thread for each direction of each connection.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 16 * 1024;

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean refusesWebSockets;

    private TcpProxy(int target) {
        try {
            this.target = target;
            listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** A proxy before this port of the machine, which need not be open all the time. */
    public static TcpProxy to(int port) {
        return new TcpProxy(port);
    }

    /** What clients connect to. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/");
    }

    /** Resets every connection that there is. New ones are let through. */
    public void cut() {
        sockets.forEach(TcpProxy::reset);
    }

    /**
     * Whether a WebSocket handshake is answered with 403. It is looked for in the first request of a connection, which is
     * where browsers send it. Those that are open stay open.
     */
    public void refuseWebSockets(boolean refuse) {
        refusesWebSockets = refuse;
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                sockets.add(client);
                start(() -> serve(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        var server = new Socket();
        sockets.add(server);
        try {
            client.setTcpNoDelay(true);
            var head = readHead(client.getInputStream());
            if (refusesWebSockets && isHandshake(head)) {
                var refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                client.getOutputStream().write(refusal.getBytes(ISO_8859_1));
                end(client, server);
                return;
            }
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            server.getOutputStream().write(head);
        } catch (IOException e) {
            // The client is gone, or the server is not there: to a client the one is like the other.
            end(client, server);
            return;
        }
        start(() -> pump(client, server));
        pump(server, client);
    }

    /** The first request up to its blank line, or what there is of it. */
    private static byte[] readHead(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (head.size() < MAX_HEAD_BYTES && !head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
        }
        return head.toByteArray();
    }

    private static boolean isHandshake(byte[] head) {
        return new String(head, ISO_8859_1).toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket\r\n");
    }

    /** Passes bytes on until one side ends, which ends the other. */
    private void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[16 * 1024];
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // Cut, or ended by the other side: both end below.
        } finally {
            end(from, to);
        }
    }

    private void end(Socket... ended) {
        for (var socket : ended) {
            sockets.remove(socket);
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It ended by itself in this moment.
        }
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}

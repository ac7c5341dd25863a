package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A WebSocket over a plain socket, or one with TLS. */
final class RawHttp1 extends RawConnection {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    RawHttp1(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static RawHttp1 connect(int port) throws IOException {
        return new RawHttp1(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    static RawHttp1 connectTls(int port) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new TrustAll()}, null);
        return new RawHttp1(tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects and upgrades, with additional header lines. */
    static RawHttp1 open(int port, String... headers) throws IOException {
        return connect(port).upgrade(headers);
    }

    RawHttp1 upgrade(String... headers) throws IOException {
        String response = exchange(request(headers));
        assertThat(response).startsWith("HTTP/1.1 101 ");
        return this;
    }

    /** The handshake of RFC 6455, section 1.2, to the server's own origin. */
    static String request(String... headers) {
        StringBuilder request = new StringBuilder()
                .append("GET " + TestServer.PATH + " HTTP/1.1\r\n")
                .append("Host: server.example.com\r\n")
                .append("Upgrade: websocket\r\n")
                .append("Connection: Upgrade\r\n")
                .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
                .append("Sec-WebSocket-Version: 13\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    /** Sends a request and returns the head of the response. */
    String exchange(String request) throws IOException {
        send(request.getBytes(StandardCharsets.ISO_8859_1));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            assertThat(next).as("after %s", head).isNotNegative();
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    Socket socket() {
        return socket;
    }

    @Override
    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    @Override
    InputStream in() {
        return in;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

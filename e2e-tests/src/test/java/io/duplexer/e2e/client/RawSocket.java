package io.duplexer.e2e.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.duplexer.e2e.support.Patience;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Pattern;

/** A plain TCP connection, for tests that write and read every byte themselves. */
public final class RawSocket implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

    private final Socket socket;
    private final InputStream in;
    private String head = "";

    public RawSocket(int port) {
        try {
            socket = new Socket();
            // Small, so that who does not read is soon noticed.
            socket.setReceiveBufferSize(64 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes ASCII, each line ended by CRLF. */
    public void writeLines(String... lines) {
        write((String.join("\r\n", lines) + "\r\n").getBytes(ISO_8859_1));
    }

    public void write(byte... bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything up to and with the blank line after the headers. */
    public String readHead() {
        var lines = new StringBuilder();
        while (lines.indexOf("\r\n\r\n") < 0) {
            lines.append((char) readByte());
        }
        head = lines.toString();
        return head;
    }

    public byte[] read(int count) {
        try {
            var bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("after " + bytes.length + " of " + count + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int readByte() {
        return read(1)[0] & 0xFF;
    }

    /** A body in HTTP/1.1's chunked coding (RFC 9112, section 7.1), to its end. */
    private byte[] readChunkedBody() {
        var body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(readLine(), 16);
            body.writeBytes(read(size));
            if (!readLine().isEmpty()) {
                throw new AssertionError("a chunk of " + size + " bytes goes on");
            }
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    /** The body, of the length or in the coding that the head announces. */
    public byte[] readBody() {
        var length = LENGTH.matcher(head);
        if (length.find()) {
            return read(Integer.parseInt(length.group(1)));
        }
        return head.contains("chunked") ? readChunkedBody() : new byte[0];
    }

    /** One response: its head and its body. */
    public String readResponse() {
        return readHead() + new String(readBody(), ISO_8859_1);
    }

    private String readLine() {
        var line = new StringBuilder();
        while (line.indexOf("\r\n") < 0) {
            line.append((char) readByte());
        }
        return line.substring(0, line.length() - 2);
    }

    /** Everything until the server closes the connection. */
    public byte[] readToEnd() {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

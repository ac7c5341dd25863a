package io.duplexer.bench.server;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SplitHttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Lets a WebSocket client that knows only HTTP/1.1 reach a server through HTTP/2 (RFC 8441): each connection that is
 * upgraded here becomes the stream of an extended CONNECT there, and bytes pass as they are. For conformance suites; two
 * threads a connection.
 */
@Command(name = "http2-relay", mixinStandardHelpOptions = true)
public final class Http2Relay implements Callable<Integer> {
    @Option(names = "--port", description = "The port on 127.0.0.1; 0 picks one.", defaultValue = "9002")
    private int port;

    @Option(names = "--to", description = "The server's port on 127.0.0.1.", defaultValue = "9001")
    private int serverPort;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Http2Relay()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        WebClient server = WebClient.builder("h2c://127.0.0.1:" + serverPort)
                .factory(ClientFactory.builder().useHttp2Preface(true).build())
                .responseTimeoutMillis(0)
                .maxResponseLength(0)
                .build();
        try (ServerSocket listener = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress())) {
            System.out.println("ready " + listener.getLocalPort());
            while (true) {
                Socket client = listener.accept();
                threads.execute(() -> relay(client, server));
            }
        }
    }

    private void relay(Socket client, WebClient server) {
        try (client) {
            client.setTcpNoDelay(true);
            Upgrade upgrade = Upgrade.read(client.getInputStream());
            HttpRequestWriter request = HttpRequest.streaming(upgrade.toConnect());
            try {
                SplitHttpResponse response = server.execute(request).split();
                ResponseHeaders headers = response.headers().join();
                if (!headers.status().equals(HttpStatus.OK)) {
                    throw new IOException("CONNECT was answered with " + headers.status());
                }
                client.getOutputStream().write(upgrade.answer(headers).getBytes(StandardCharsets.US_ASCII));
                threads.execute(() -> relayBack(response, client));
                relayThere(client.getInputStream(), request);
                request.close();
            } finally {
                request.abort(); // Of no effect once it is closed.
            }
        } catch (IOException | CompletionException e) {
            System.err.println("lost: " + e);
        }
    }

    private static void relayThere(InputStream client, HttpRequestWriter server) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (int length = client.read(buffer); length >= 0; length = client.read(buffer)) {
            // Once the server has ended the stream, what the client still sends is dropped.
            if (server.tryWrite(HttpData.copyOf(buffer, 0, length))) {
                server.whenConsumed().exceptionally(cause -> null).join();
            }
        }
    }

    private static void relayBack(SplitHttpResponse server, Socket client) {
        try (InputStream body = server.body().toInputStream(Function.identity())) {
            body.transferTo(client.getOutputStream());
            client.shutdownOutput();
        } catch (IOException e) {
            System.err.println("lost: " + e);
        }
    }
}

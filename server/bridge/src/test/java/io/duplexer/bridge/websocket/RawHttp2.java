package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.SplitHttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A WebSocket in an HTTP/2 stream (RFC 8441). */
final class RawHttp2 extends RawConnection {
    private static final byte[] END = {};

    /** Makes a connection for each WebSocket. */
    private static final ClientFactory FACTORY = ClientFactory.builder()
            .tlsNoVerify()
            .useHttp2Preface(true)
            .maxNumRequestsPerConnection(1)
            .build();

    private final HttpRequestWriter request;
    private final ResponseHeaders responseHeaders;
    private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
    private final ChunkStream in = new ChunkStream();
    private final Collector collector = new Collector();

    private RawHttp2(ClientFactory factory, String uri, Consumer<RequestHeadersBuilder> customizer) {
        RequestHeadersBuilder headers = RequestHeaders.builder(HttpMethod.CONNECT, TestServer.PATH)
                .set(HttpHeaderNames.PROTOCOL, "websocket")
                .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
        customizer.accept(headers);
        request = HttpRequest.streaming(headers.build());
        WebClient client = WebClient.builder(uri)
                .factory(factory)
                .responseTimeoutMode(ResponseTimeoutMode.CONNECTION_ACQUIRED)
                .responseTimeoutMillis(0)
                .maxResponseLength(0)
                .build();
        SplitHttpResponse response = client.execute(request).split();
        responseHeaders = response.headers().join();
        response.body().subscribe(collector);
        collector.subscribed.join();
    }

    /** A connection that reads nothing until {@link #startReading()}. */
    static RawHttp2 openDeaf(int port) {
        return new RawHttp2(FACTORY, "h2c://127.0.0.1:" + port, headers -> {});
    }

    RawHttp2 startReading() {
        collector.subscribed.join().request(Long.MAX_VALUE);
        return this;
    }

    static RawHttp2 open(int port, Consumer<RequestHeadersBuilder> customizer) {
        return new RawHttp2(FACTORY, "h2c://127.0.0.1:" + port, customizer).startReading();
    }

    static RawHttp2 open(int port) {
        RawHttp2 connection = open(port, headers -> {});
        assertThat(connection.responseHeaders().status().code()).isEqualTo(200);
        return connection;
    }

    /** A stream of the one connection that this factory makes. */
    static RawHttp2 openShared(ClientFactory factory, int port) {
        return new RawHttp2(factory, "h2c://127.0.0.1:" + port, headers -> {}).startReading();
    }

    static RawHttp2 openTls(int port) {
        RawHttp2 connection = new RawHttp2(FACTORY, "h2://127.0.0.1:" + port, headers -> {}).startReading();
        assertThat(connection.responseHeaders().status().code()).isEqualTo(200);
        return connection;
    }

    ResponseHeaders responseHeaders() {
        return responseHeaders;
    }

    /** Resets the stream. */
    void reset() {
        request.abort();
    }

    /** Ends the request's side of the stream. */
    void endRequest() {
        request.close();
    }

    @Override
    void send(byte[] bytes) throws IOException {
        if (!request.tryWrite(HttpData.copyOf(bytes))) {
            throw new IOException("the stream is closed");
        }
    }

    /** Sends, and waits until flow control has let it pass. */
    void sendAndWait(byte[] bytes) throws IOException {
        send(bytes);
        request.whenConsumed().join();
    }

    @Override
    InputStream in() {
        return in;
    }

    @Override
    public void close() {
        request.abort();
    }

    private final class Collector implements Subscriber<HttpData> {
        final CompletableFuture<Subscription> subscribed = new CompletableFuture<>();

        @Override
        public void onSubscribe(Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public void onNext(HttpData data) {
            if (!data.isEmpty()) {
                chunks.add(data.array());
            }
        }

        @Override
        public void onError(Throwable cause) {
            chunks.add(END);
        }

        @Override
        public void onComplete() {
            chunks.add(END);
        }
    }

    private final class ChunkStream extends InputStream {
        private byte[] chunk = new byte[0];
        private int position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (length > 0 && position == chunk.length) {
                if (chunk == END) {
                    return -1;
                }
                chunk = nextChunk();
                position = 0;
            }
            int copied = Math.min(length, chunk.length - position);
            System.arraycopy(chunk, position, target, offset, copied);
            position += copied;
            return copied;
        }

        private byte[] nextChunk() throws IOException {
            try {
                byte[] next = chunks.poll(10, TimeUnit.SECONDS);
                if (next == null) {
                    throw new SocketTimeoutException("nothing came in 10 s");
                }
                return next;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}

package io.duplexer.bridge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import io.duplexer.bridge.grpc.Blocks.Block;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A call on any transport at the level of its frames. What comes back is blocks: of headers, of messages, of trailers, of
 * which the first and the last may be one.
 */
abstract class AnyCall implements AutoCloseable {
    /** The transports. */
    enum Form {
        NATIVE,
        WEB,
        WEB_TEXT,
        WEB_SOCKET
    }

    /** Starts a call with these headers besides the usual ones, each as {@code name: value}. */
    static AnyCall open(Form form, GrpcServer server, String path, String... headers) {
        return switch (form) {
            case NATIVE -> new HttpCall(server, path, "application/grpc", false, headers);
            case WEB -> new HttpCall(server, path, "application/grpc-web+proto", false, headers);
            case WEB_TEXT -> new HttpCall(server, path, "application/grpc-web-text+proto", true, headers);
            case WEB_SOCKET -> new SocketCall(server, path, headers);
        };
    }

    abstract AnyCall send(byte[] frames);

    abstract AnyCall halfClose();

    abstract Block next() throws InterruptedException;

    /** Expects headers that are no trailers. */
    Block nextHeaders() throws InterruptedException {
        Block block = next();
        assertThat(block.isHeaders()).as("headers: %s", block.text()).isTrue();
        assertThat(block.headers()).doesNotContainKey("grpc-status");
        return block;
    }

    String nextMessage() throws InterruptedException {
        Block block = next();
        assertThat(block.isHeaders())
                .as("a message, not headers: %s", block.text())
                .isFalse();
        return block.text();
    }

    /** Expects trailers of this status. */
    Block expectStatus(int status) throws InterruptedException {
        Block trailers = next();
        assertThat(trailers.isHeaders()).as("headers: %s", trailers.text()).isTrue();
        assertThat(trailers.header("grpc-status")).as(trailers.text()).isEqualTo(String.valueOf(status));
        return trailers;
    }

    @Override
    public abstract void close();

    private static final class SocketCall extends AnyCall {
        private final GrpcSocket socket;

        SocketCall(GrpcServer server, String path, String... headers) {
            socket = GrpcSocket.open(SessionProtocol.H1C, server.port(SessionProtocol.H1C), path)
                    .send(Blocks.headersAnd(headers));
        }

        @Override
        AnyCall send(byte[] frames) {
            socket.send(Blocks.concat(new byte[1], frames));
            return this;
        }

        @Override
        AnyCall halfClose() {
            socket.halfClose();
            return this;
        }

        @Override
        Block next() throws InterruptedException {
            return socket.next();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static final class HttpCall extends AnyCall implements Subscriber<HttpObject> {
        private final HttpRequestWriter request;
        private final boolean base64;
        private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        private final Blocks.Reader reader = new Blocks.Reader();
        private byte[] text = {};

        HttpCall(GrpcServer server, String path, String contentType, boolean base64, String... headers) {
            this.base64 = base64;
            var builder = RequestHeaders.builder(HttpMethod.POST, path).add("content-type", contentType);
            for (String header : headers) {
                int colon = header.indexOf(": ");
                builder.add(header.substring(0, colon), header.substring(colon + 2));
            }
            request = HttpRequest.streaming(builder.build());
            WebClient.builder("h2c://127.0.0.1:" + server.port(SessionProtocol.H2C))
                    .responseTimeoutMillis(0)
                    .build()
                    .execute(request)
                    .subscribe(this);
        }

        @Override
        AnyCall send(byte[] frames) {
            // The answer may have come already, and nobody reads the request any more.
            var unused =
                    request.tryWrite(HttpData.wrap(base64 ? Base64.getEncoder().encode(frames) : frames));
            return this;
        }

        @Override
        AnyCall halfClose() {
            request.close();
            return this;
        }

        @Override
        Block next() throws InterruptedException {
            Object next = events.poll(10, TimeUnit.SECONDS);
            assertThat(next).isInstanceOf(Block.class);
            return (Block) next;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(HttpObject object) {
            if (object instanceof HttpHeaders headers) {
                StringBuilder lines = new StringBuilder();
                headers.forEach((name, value) -> {
                    if (!name.startsWith(":")) {
                        lines.append(name).append(": ").append(value).append("\r\n");
                    }
                });
                events.add(new Block(0x80, Blocks.latin1(lines.toString())));
            } else if (object instanceof HttpData data) {
                events.addAll(reader.add(base64 ? decoded(data.array()) : data.array()));
            }
        }

        /** Group by group, as each part may have a padding of its own. */
        private byte[] decoded(byte[] part) {
            text = Blocks.concat(text, part);
            byte[] bytes = {};
            int position = 0;
            for (; position + 4 <= text.length; position += 4) {
                bytes = Blocks.concat(
                        bytes, Base64.getDecoder().decode(Arrays.copyOfRange(text, position, position + 4)));
            }
            text = Arrays.copyOfRange(text, position, text.length);
            return bytes;
        }

        @Override
        public void onError(Throwable cause) {
            events.add(cause);
        }

        @Override
        public void onComplete() {
            events.add("the end");
        }

        @Override
        public void close() {
            request.abort();
        }
    }
}

package io.duplexer.bridge.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.websocket.WebSocketClient;
import com.linecorp.armeria.client.websocket.WebSocketSession;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.websocket.CloseWebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketCloseStatus;
import com.linecorp.armeria.common.websocket.WebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketFrameType;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import io.duplexer.bridge.grpc.Blocks.Block;
import io.netty.channel.ChannelOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A client of the protocol at the level of its messages, over a WebSocket client that is not the server's engine. */
final class GrpcSocket implements AutoCloseable {
    private static final Close LOST = new Close(1006, "");
    private static final int MAX_FRAME_BYTES = 64 * 1024 * 1024;

    /** Small ones, so that a side that is not read stalls soon. */
    private static final int SOCKET_BUFFER_BYTES = 128 * 1024;

    private final ClientFactory factory = ClientFactory.builder()
            .tlsNoVerify()
            .useHttp2Preface(true)
            .channelOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
            .channelOption(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
            .build();
    private final WebSocketWriter out;
    private final Inbound in = new Inbound();

    /** What ends the socket. */
    record Close(int code, String reason) {}

    private GrpcSocket(SessionProtocol protocol, int port, String path, HttpHeaders headers) {
        WebSocketSession session = WebSocketClient.builder("ws+" + protocol.uriText() + "://127.0.0.1:" + port)
                .factory(factory)
                .subprotocols("grpc-websockets")
                .maxFramePayloadLength(MAX_FRAME_BYTES)
                .responseTimeoutMillis(0)
                .build()
                .connect(path, headers)
                .join();
        assertThat(session.subprotocol()).isEqualTo("grpc-websockets");
        out = session.outbound();
        session.inbound().subscribe(in);
        in.subscribed.join();
    }

    static GrpcSocket open(SessionProtocol protocol, int port, String path) {
        return open(protocol, port, path, HttpHeaders.of());
    }

    static GrpcSocket open(SessionProtocol protocol, int port, String path, HttpHeaders headers) {
        return openDeaf(protocol, port, path, headers).startReading();
    }

    /** A socket that reads nothing until {@link #startReading()}. */
    static GrpcSocket openDeaf(SessionProtocol protocol, int port, String path, HttpHeaders headers) {
        return new GrpcSocket(protocol, port, path, headers);
    }

    GrpcSocket startReading() {
        in.subscribed.join().request(Long.MAX_VALUE);
        return this;
    }

    GrpcSocket send(byte[] message) {
        // The call may have ended already, and the socket with it.
        var unused = out.tryWrite(WebSocketFrame.ofBinary(message));
        return this;
    }

    GrpcSocket sendText(String text) {
        var unused = out.tryWrite(WebSocketFrame.ofText(text));
        return this;
    }

    /** Sends, and waits until the transport has taken it. */
    void sendAndWait(byte[] message) {
        out.write(message);
        out.whenConsumed().join();
    }

    GrpcSocket halfClose() {
        return send(Blocks.HALF_CLOSE);
    }

    /** Closes as a page does that leaves, or cancels. */
    void sendClose(int code) {
        out.close(WebSocketCloseStatus.valueOf(code));
    }

    /** Resets the stream, or cuts the connection. */
    void cut() {
        out.close(new IllegalStateException("cut"));
        closeFactory();
    }

    private void closeFactory() {
        factory.closeAsync().exceptionally(cause -> {
            throw new AssertionError(cause);
        });
    }

    /** The next block of the response. */
    Block next() throws InterruptedException {
        Object next = in.events.poll(10, TimeUnit.SECONDS);
        assertThat(next).isInstanceOf(Block.class);
        return (Block) next;
    }

    Block nextHeaders() throws InterruptedException {
        Block block = next();
        assertThat(block.isHeaders()).as("headers: %s", block).isTrue();
        return block;
    }

    String nextMessage() throws InterruptedException {
        Block block = next();
        assertThat(block.isHeaders()).as("headers: %s", block.text()).isFalse();
        return block.text();
    }

    /** Expects trailers of this status and the normal end. Returns the trailers. */
    Block expectStatus(int status) throws InterruptedException {
        Block trailers = nextHeaders();
        assertThat(trailers.header("grpc-status")).as(trailers.text()).isEqualTo(String.valueOf(status));
        assertThat(expectClose().code()).isEqualTo(1000);
        return trailers;
    }

    /** Expects the end, with nothing before it. */
    Close expectClose() throws InterruptedException {
        Object next = in.events.poll(10, TimeUnit.SECONDS);
        assertThat(next).isInstanceOf(Close.class);
        assertThat(in.reader.pendingBytes()).as("bytes of an unfinished block").isZero();
        return (Close) next;
    }

    /** Expects the end after a part of a block. */
    Close expectCloseWithinBlock() throws InterruptedException {
        Object next = in.events.poll(10, TimeUnit.SECONDS);
        assertThat(next).isInstanceOf(Close.class);
        assertThat(in.reader.pendingBytes()).isPositive();
        return (Close) next;
    }

    int pending() {
        return in.events.size();
    }

    long receivedMessages() {
        return in.receivedMessages.get();
    }

    @Override
    public void close() {
        out.close();
        closeFactory();
    }

    private final class Inbound implements Subscriber<WebSocketFrame> {
        final CompletableFuture<Subscription> subscribed = new CompletableFuture<>();
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        final Blocks.Reader reader = new Blocks.Reader();
        final AtomicLong receivedMessages = new AtomicLong();
        private boolean closed;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public void onNext(WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame close) {
                int code = close.status() == null ? 1005 : close.status().code();
                out.close(WebSocketCloseStatus.NORMAL_CLOSURE);
                end(new Close(code, close.reasonPhrase() == null ? "" : close.reasonPhrase()));
            } else if (frame.type() == WebSocketFrameType.BINARY) {
                receivedMessages.incrementAndGet();
                events.addAll(reader.add(frame.array()));
            } else if (frame.type() == WebSocketFrameType.PING) {
                out.writePong(frame.array());
            }
        }

        private void end(Close close) {
            if (!closed) {
                closed = true;
                events.add(close);
            }
        }

        @Override
        public void onError(Throwable cause) {
            end(LOST);
        }

        @Override
        public void onComplete() {
            end(LOST);
        }
    }
}

package io.duplexer.bridge.grpc.interop;

import com.linecorp.armeria.client.websocket.WebSocketClient;
import com.linecorp.armeria.client.websocket.WebSocketSession;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.common.websocket.WebSocketCloseStatus;
import com.linecorp.armeria.common.websocket.WebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketFrameType;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** gRPC over WebSocket. */
final class WebSocketWire implements Wire {
    private static final byte[] HALF_CLOSE = {1};
    private static final int MAX_FRAME_BYTES = 64 * 1024 * 1024;

    private final WebSocketClient client;
    private final EventLoop loop;
    /** Takes messages from the beginning; they leave when the socket is open. */
    private final WebSocketWriter out = WebSocket.streaming();

    WebSocketWire(int port, EventLoop loop) {
        this.loop = loop;
        client = WebSocketClient.builder("ws://127.0.0.1:" + port)
                .subprotocols("grpc-websockets")
                .maxFramePayloadLength(MAX_FRAME_BYTES)
                .responseTimeoutMillis(0)
                .writeTimeoutMillis(0)
                .build();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void start(String path, Iterable<Map.Entry<String, String>> headers, Listener listener) {
        StringBuilder first = new StringBuilder();
        headers.forEach(header -> first.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        out.write(first.toString().getBytes(StandardCharsets.US_ASCII));
        var unused = client.connect(path, HttpHeaders.of())
                .handleAsync(
                        (session, cause) -> {
                            if (cause == null) {
                                open(session, listener);
                            } else {
                                listener.onEnd();
                            }
                            return null;
                        },
                        loop);
    }

    private void open(WebSocketSession session, Listener listener) {
        session.setOutbound(out);
        session.inbound().subscribe(new Inbound(listener), loop);
    }

    @Override
    public void send(byte[] frames, Runnable onSent) {
        byte[] message = new byte[1 + frames.length];
        System.arraycopy(frames, 0, message, 1, frames.length);
        if (out.tryWrite(message)) {
            var unused = out.whenConsumed().thenRunAsync(onSent, loop);
        }
    }

    @Override
    public void halfClose() {
        var unused = out.tryWrite(HALF_CLOSE);
    }

    @Override
    public void cancel() {
        out.close(WebSocketCloseStatus.NORMAL_CLOSURE);
    }

    private final class Inbound implements Subscriber<WebSocketFrame> {
        private final GrpcWebReader reader;
        private final Listener listener;

        Inbound(Listener listener) {
            this.listener = listener;
            reader = new GrpcWebReader(listener);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(WebSocketFrame frame) {
            if (frame.type() == WebSocketFrameType.BINARY) {
                reader.read(frame.array());
            } else if (frame.type() == WebSocketFrameType.CLOSE) {
                out.close(WebSocketCloseStatus.NORMAL_CLOSURE);
                listener.onEnd();
            }
        }

        @Override
        public void onError(Throwable cause) {
            listener.onEnd();
        }

        @Override
        public void onComplete() {
            listener.onEnd();
        }
    }
}

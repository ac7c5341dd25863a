package io.duplexer.bench.server;

import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.common.websocket.WebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.websocket.WebSocketService;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Echoes text through Armeria's own codec. */
public final class ArmeriaEchoServer {
    private ArmeriaEchoServer() {}

    public static void main(String[] args) {
        WebSocketService service = WebSocketService.builder((ctx, in) -> {
                    WebSocketWriter out = WebSocket.streaming();
                    in.subscribe(new Echo(out), ctx.eventLoop());
                    return out;
                })
                .build();
        Serving.start(Server.builder().service("/", service), 0);
    }

    private record Echo(WebSocketWriter out) implements Subscriber<WebSocketFrame> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(WebSocketFrame frame) {
            try (frame) {
                switch (frame.type()) {
                    case TEXT -> out.write(frame.text());
                    case CLOSE -> out.close();
                    default -> {}
                }
            }
        }

        @Override
        public void onError(Throwable cause) {
            out.close(cause);
        }

        @Override
        public void onComplete() {
            out.close();
        }
    }
}

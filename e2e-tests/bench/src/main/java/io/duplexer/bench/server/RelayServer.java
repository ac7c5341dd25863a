package io.duplexer.bench.server;

import com.linecorp.armeria.server.Server;
import io.duplexer.bridge.websocket.CloseStatus;
import io.duplexer.bridge.websocket.PreparedMessage;
import io.duplexer.bridge.websocket.WebSocketEndpoint;
import io.duplexer.bridge.websocket.WebSocketListener;
import io.duplexer.bridge.websocket.WebSocketSession;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sends what one client says to all, the sender included, through the bridge's engine. */
public final class RelayServer {
    private static final Set<WebSocketSession> sessions = ConcurrentHashMap.newKeySet();

    private RelayServer() {}

    public static void main(String[] args) {
        Serving.start(
                Server.builder()
                        .service("/", WebSocketEndpoint.builder(Relay::new).build()),
                0);
    }

    private static final class Relay implements WebSocketListener {
        private final WebSocketSession session;

        Relay(WebSocketSession session) {
            this.session = session;
            sessions.add(session);
        }

        @Override
        public void onText(String text) {
            PreparedMessage message = PreparedMessage.text(text);
            sessions.forEach(other -> other.send(message));
        }

        @Override
        public void onClosed(CloseStatus status) {
            sessions.remove(session);
        }
    }
}

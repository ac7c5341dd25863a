package io.duplexer.bridge.websocket;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerListenerAdapter;
import com.linecorp.armeria.server.ServiceConfig;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open sessions of an endpoint, and what becomes of them when a server stops. */
final class SessionRegistry extends ServerListenerAdapter {
    private static final Logger logger = LoggerFactory.getLogger(SessionRegistry.class);

    private final Set<SessionEngine> sessions = ConcurrentHashMap.newKeySet();
    private final Set<Server> servers = ConcurrentHashMap.newKeySet();
    private final Set<Server> stopping = ConcurrentHashMap.newKeySet();
    private final Duration stopTimeout;

    SessionRegistry(Duration stopTimeout) {
        this.stopTimeout = stopTimeout;
    }

    /** Makes the endpoint's sessions end with this server, however many routes of it the endpoint has. */
    void watch(Server server) {
        if (servers.add(server)) {
            server.addListener(this);
        }
    }

    boolean isStopping(Server server) {
        return stopping.contains(server);
    }

    void add(SessionEngine session) {
        sessions.add(session);
        if (isStopping(session.server())) {
            session.goAway(); // The handshake overlapped with the stop.
        }
    }

    void remove(SessionEngine session) {
        sessions.remove(session);
    }

    int size() {
        return sessions.size();
    }

    /** Closes all sessions; completes when the last of their connections is gone. */
    CompletableFuture<Void> closeAll(CloseStatus status) {
        return end(sessions.stream(), session -> session.session().close(status));
    }

    private static CompletableFuture<Void> end(Stream<SessionEngine> sessions, Consumer<SessionEngine> way) {
        CompletableFuture<?>[] gone = sessions.map(session -> {
                    way.accept(session);
                    return session.whenGone();
                })
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(gone);
    }

    @Override
    public void serverStarting(Server server) {
        stopping.remove(server);
    }

    /**
     * Called on the server's start-stop thread before its graceful shutdown begins, once for each endpoint in turn. The
     * first call tells the sessions of all of them, so that a peer that does not close keeps nobody else from being told.
     */
    @Override
    public void serverStopping(Server server) throws InterruptedException {
        if (isStopping(server)) {
            return;
        }
        Set<SessionRegistry> all = of(server);
        CompletableFuture<?>[] gone =
                all.stream().map(registry -> registry.endSessions(server)).toArray(CompletableFuture<?>[]::new);
        Duration patience = all.stream()
                .map(registry -> registry.stopTimeout)
                .max(Duration::compareTo)
                .orElseThrow();
        try {
            CompletableFuture.allOf(gone).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            logger.debug("not all WebSockets closed in {}", patience);
        } catch (ExecutionException e) {
            logger.warn("Closing WebSockets failed", e);
        }
    }

    private Set<SessionRegistry> of(Server server) {
        Set<SessionRegistry> all = new HashSet<>();
        all.add(this);
        for (ServiceConfig service : server.serviceConfigs()) {
            WebSocketEndpoint endpoint = service.service().as(WebSocketEndpoint.class);
            if (endpoint != null) {
                all.add(endpoint.registry());
            }
        }
        return all;
    }

    private CompletableFuture<Void> endSessions(Server server) {
        stopping.add(server);
        return end(sessions.stream().filter(session -> session.server() == server), SessionEngine::goAway);
    }

    @Override
    public void serverStopped(Server server) {
        stopping.remove(server);
    }
}

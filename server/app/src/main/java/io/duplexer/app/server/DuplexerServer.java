package io.duplexer.app.server;

import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import com.linecorp.armeria.server.healthcheck.HealthChecker;
import com.linecorp.armeria.server.healthcheck.SettableHealthChecker;
import io.duplexer.app.chat.Chat;
import io.duplexer.app.port.CrossOrigin;
import io.duplexer.app.port.GrpcSwitch;
import io.duplexer.app.port.Metrics;
import io.duplexer.app.port.RunningServer;
import io.duplexer.app.port.StartException;
import io.duplexer.app.port.StaticPage;
import io.duplexer.app.transport.ChatWebSocket;
import io.duplexer.app.transport.GrpcChat;
import io.duplexer.app.transport.ReadyFrames;
import io.duplexer.bridge.grpc.StrictGrpc;
import io.duplexer.bridge.websocket.WebSocketEndpoint;
import io.duplexer.bridge.websocket.WebSocketEndpointBuilder;
import java.time.InstantSource;

/** Everything on one port: the page, gRPC, gRPC-Web, the chat WebSocket, documentation and health. */
public final class DuplexerServer {
    private DuplexerServer() {}

    /**
     * Starts a server.
     *
     * @throws StartException if the history, the port or the certificate cannot be used
     */
    public static RunningServer start(ServerConfig config) throws StartException {
        var metrics = new Metrics();
        var builder = RunningServer.builder(config.port(), metrics);
        var history = config.history().open();
        var health = new SettableHealthChecker();
        history.health(health::setHealthy);
        var chat = new Chat(history, config.chat(), InstantSource.system());
        measure(metrics, chat, health);
        builder.maxNumConnections(2 * config.chat().maxSessions());

        var page = StaticPage.create();
        var grpc = GrpcEndpoint.create(
                new GrpcChat(chat, config.maxQueuedBytes()),
                "/ChatService",
                config.port().maxMessageBytes(),
                health);
        var crossOrigin = CrossOrigin.of(config.port());
        var grpcWebSocket = config.port().grpcWebSockets().newDecoratorFunction();
        builder.service(
                grpc,
                ReadyFrames.newDecorator(),
                StrictGrpc.newDecorator(config.port().maxReadBytes()),
                grpcWebSocket,
                crossOrigin::decorate);
        builder.serviceUnder(
                "/",
                page.decorate(delegate -> new GrpcSwitch(new UnknownMethods(), delegate))
                        .decorate(grpcWebSocket)
                        .decorate(crossOrigin::decorate));
        builder.service("/", chatSocket(chat, config).fallback(page).build());
        builder.service("/ws", chatSocket(chat, config).build());
        builder.serviceUnder("/docs", Documentation.create());
        builder.service("/healthz", HealthCheckService.of(health));
        return RunningServer.start(builder, config.port(), chat::close, history::close);
    }

    private static void measure(Metrics metrics, Chat chat, HealthChecker health) {
        metrics.gauge("duplexer.chat.sessions", "Open subscriptions, chats and WebSockets", chat, Chat::sessionCount)
                .gauge("duplexer.chat.rooms", "Rooms with members", chat, Chat::roomCount)
                .counter("duplexer.chat.messages", "Messages that the history has taken", chat, Chat::messageCount)
                .counter(
                        "duplexer.chat.deliveries",
                        "Messages that were handed to members of rooms",
                        chat,
                        Chat::deliveryCount)
                .gauge(
                        "duplexer.healthy",
                        "1 while the history can be written",
                        health,
                        checker -> checker.isHealthy() ? 1 : 0);
    }

    private static WebSocketEndpointBuilder chatSocket(Chat chat, ServerConfig config) {
        return WebSocketEndpoint.builder(new ChatWebSocket(chat))
                .subprotocols(ChatWebSocket.JSON, ChatWebSocket.PROTO)
                .origins(config.port().origins())
                .config(config.port()
                        .webSockets()
                        .withMaxMessageBytes(config.maxWebSocketMessageBytes())
                        .withMaxQueuedBytes(config.maxQueuedBytes()));
    }
}

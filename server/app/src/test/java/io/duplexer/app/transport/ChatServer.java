package io.duplexer.app.transport;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.duplexer.app.chat.Chat;
import io.duplexer.app.chat.ChatLimits;
import io.duplexer.app.history.History;
import io.duplexer.app.history.MemoryHistory;
import io.duplexer.app.history.Retentions;
import io.duplexer.bridge.websocket.WebSocketConfig;
import io.duplexer.bridge.websocket.WebSocketEndpoint;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/** The chat's two transports on a free port, and clients that have a connection of their own. */
final class ChatServer implements AutoCloseable {
    static final ChatLimits LIMITS = new ChatLimits(64 * 1024, 1_000, 1_000, 100, 0, 1, Duration.ZERO);
    static final int MAX_QUEUED_BYTES = 256 * 1024;

    /** Of all clients: a loop of its own would take seconds to stop with each of them. */
    private static final EventLoopGroup EVENT_LOOP = EventLoopGroups.newEventLoopGroup(1);

    final Chat chat;
    private final Server server;

    ChatServer(ChatLimits limits) {
        this(limits, new MemoryHistory(Retentions.of(100, 1_000_000), Long.MAX_VALUE));
    }

    ChatServer(ChatLimits limits, History history) {
        this(limits, history, MAX_QUEUED_BYTES);
    }

    ChatServer(ChatLimits limits, History history, int maxQueuedBytes) {
        chat = new Chat(history, limits, InstantSource.system());
        server = Server.builder()
                .http(0)
                .requestTimeoutMillis(0)
                .maxRequestLength(0)
                .requestAutoAbortDelayMillis(0)
                .gracefulShutdownTimeoutMillis(0, 0)
                .service(
                        GrpcService.builder()
                                .addService(new GrpcChat(chat, maxQueuedBytes))
                                .build(),
                        ReadyFrames.newDecorator())
                .service(
                        "/ws",
                        WebSocketEndpoint.builder(new ChatWebSocket(chat))
                                .subprotocols(ChatWebSocket.JSON, ChatWebSocket.PROTO)
                                .config(WebSocketConfig.DEFAULT.withMaxQueuedBytes(maxQueuedBytes))
                                .build())
                .build();
        server.start().join();
    }

    URI socketUri() {
        return URI.create("ws://127.0.0.1:" + server.activeLocalPort() + "/ws");
    }

    /** One HTTP/2 connection, whose streams may hold 64 KiB that have not been read. */
    static ClientFactory connection() {
        return ClientFactory.builder()
                .workerGroup(EVENT_LOOP, false)
                .http2InitialConnectionWindowSize(16 * 1024 * 1024)
                .http2InitialStreamWindowSize(64 * 1024)
                .build();
    }

    <T> T client(ClientFactory connection, Class<T> stub) {
        return client(connection, stub, "gproto");
    }

    /** A client that speaks one of Armeria's formats, such as {@code gjson}. */
    <T> T client(ClientFactory connection, Class<T> stub, String format) {
        return GrpcClients.builder(format + "+http://127.0.0.1:" + server.activeLocalPort() + "/")
                .factory(connection)
                .responseTimeoutMillis(0)
                .maxResponseLength(0)
                .build(stub);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // Waiting for the end of its threads would take two seconds.
    public void close() {
        server.stop();
    }
}

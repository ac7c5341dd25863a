package io.duplexer.bench.load;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.util.JsonFormat;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.SubscribeRequest;
import java.nio.ByteBuffer;

/** The ways to receive a room of the chat. */
public enum ChatTransport {
    JSON("WebSocket, JSON"),
    PROTO("WebSocket, protobuf"),
    GRPC("gRPC"),
    GRPC_WEB("gRPC-Web"),
    GRPC_WEB_SOCKET("gRPC on WebSocket");

    private static final String SUBSCRIBE = "/duplexer.chat.v1.ChatService/SubscribeToMessages";
    private static final String CHAT = "/duplexer.chat.v1.ChatService/Chat";

    private final String title;

    ChatTransport(String title) {
        this.title = title;
    }

    /** As the tables have it. */
    public String title() {
        return title;
    }

    /** One of a title. */
    public static ChatTransport of(String title) {
        for (ChatTransport transport : values()) {
            if (transport.title.equals(title)) {
                return transport;
            }
        }
        throw new IllegalArgumentException("title: " + title);
    }

    /** Enters a room on a connection of its own; the first message that comes is the answer. */
    public void join(GrpcLoad load, Message join, GrpcCalls.Listener listener) {
        byte[] subscribe = framed(SubscribeRequest.newBuilder()
                .setUserId(join.getUserId())
                .setRoom(join.getRoom())
                .setJoin(join.getJoin())
                .build());
        GrpcCalls calls = switch (this) {
            case JSON, PROTO -> sending(load, join);
            case GRPC -> Http2Calls.grpc(load, SUBSCRIBE, "application/grpc+proto", subscribe);
            case GRPC_WEB -> Http2Calls.grpc(load, SUBSCRIBE, "application/grpc-web+proto", subscribe);
            case GRPC_WEB_SOCKET -> new WebSocketCalls(load, SUBSCRIBE, subscribe);
        };
        GrpcCalls.Call call = calls.start(listener);
        if (this == JSON || this == PROTO) {
            call.send();
        } else {
            call.sendLast();
        }
        calls.begin();
    }

    /** Calls or sockets that are open both ways and send this message. gRPC-Web has none: it sends as gRPC does. */
    public GrpcCalls sending(GrpcLoad load, Message message) {
        return switch (this) {
            case JSON -> new ChatSockets(load, "duplexer.chat.v1+json", Frames.text(json(message)));
            case PROTO -> new ChatSockets(load, "duplexer.chat.v1+proto", Frames.binary(message.toByteArray()));
            case GRPC, GRPC_WEB -> Http2Calls.grpc(load, CHAT, "application/grpc+proto", framed(message));
            case GRPC_WEB_SOCKET -> new WebSocketCalls(load, CHAT, framed(message));
        };
    }

    private static String json(Message message) {
        try {
            return JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .preservingProtoFieldNames()
                    .print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A message behind its gRPC prefix. */
    public static byte[] framed(MessageLite message) {
        byte[] bytes = message.toByteArray();
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }
}

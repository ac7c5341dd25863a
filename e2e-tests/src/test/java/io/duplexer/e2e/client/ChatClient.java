package io.duplexer.e2e.client;

import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.ReadHistory;
import io.duplexer.chat.v1.ReadHistoryRequest;
import io.duplexer.chat.v1.Typing;
import java.util.concurrent.CompletableFuture;

/** One connection to the chat, on whichever transport. Thread-safe. */
public interface ChatClient extends AutoCloseable {
    /** The room of those who name none. */
    String LOBBY = "lobby";

    /** Publishes a message. Completes with its acknowledgement, or fails with {@link Refused}. */
    CompletableFuture<MessageResponse> publish(Message message);

    /** Enters a room. The feed begins with {@code recovered}, or ends with {@link Refused}. */
    Feed join(String userId, String room, Join join);

    /** Listens to the lobby without entering it, as the article's clients do. */
    Feed listen(String userId);

    /** Says that the user is writing in {@code room}, which the user is in. */
    void type(String userId, String room);

    /**
     * Reads back in the history of {@code room}, which {@code userId} has joined. Completes with a page, or fails with
     * {@link Refused}.
     */
    CompletableFuture<HistoryPage> readHistory(String userId, String room, ReadHistory request);

    /** Goes away. Idempotent. */
    @Override
    void close();

    /** The event that says that {@code userId} is writing in {@code room}. */
    static Message typing(String userId, String room) {
        return Message.newBuilder()
                .setUserId(userId)
                .setRoom(room)
                .setTyping(Typing.getDefaultInstance())
                .build();
    }

    /** The request of the unary call. */
    static ReadHistoryRequest call(String userId, String room, ReadHistory request) {
        return ReadHistoryRequest.newBuilder()
                .setUserId(userId)
                .setRoom(room)
                .setBefore(request.getBefore())
                .setLimit(request.getLimit())
                .build();
    }
}

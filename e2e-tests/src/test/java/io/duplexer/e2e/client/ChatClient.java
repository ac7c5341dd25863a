package io.duplexer.e2e.client;

import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
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

    /** Goes away. Idempotent. */
    @Override
    void close();
}

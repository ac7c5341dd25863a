package io.duplexer.app.history;

import io.duplexer.chat.v1.Message;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The log of every room's chat messages. It gives each message its {@code sequence} and remembers by whom it was
 * sent under which id, so that the same message is stored once.
 *
 * <p>Methods may be called from any thread and do not block. Futures complete on a thread of the engine, or on the
 * caller's.
 */
public interface History extends AutoCloseable {
    /** Names this log. Sequences of logs with different epochs cannot be compared. */
    String epoch();

    /**
     * Stores a message.
     *
     * @param message with {@code id}, {@code user_id}, {@code room}, {@code content} and {@code timestamp} set; its
     *     sequences are ignored
     * @return completes when the message is as durable as this engine makes it, and every message before it in the
     *     room too; fails with {@link HistoryFullException} when a limit of the engine refuses it, with
     *     {@link HistoryUnavailableException} when it could not be written just now, with
     *     {@link IllegalStateException} when the log is closed. Nobody sees the message then.
     */
    CompletableFuture<Appended> append(Message message);

    /**
     * Registers the one listener of all new messages; to be called before the first {@link #append}. The messages of
     * a room arrive one at a time in the order of their sequences, each one after {@link #after} can return it and
     * before the future of its {@link #append} completes. The listener must not block.
     */
    void tail(Consumer<Message> listener);

    /**
     * Registers the one listener of whether messages can be written. It is told at once, and then of each change, one
     * at a time. The listener must not block.
     */
    void health(Consumer<Boolean> listener);

    /**
     * Reads forward.
     *
     * @param sequence the messages returned have greater ones
     * @param limit of messages in the page, positive; a page is also full with {@link PageBuilder#MAX_BYTES}
     */
    CompletableFuture<Page> after(String room, long sequence, int limit);

    /**
     * Reads backward; the page is in ascending order all the same.
     *
     * @param sequence the messages returned have smaller ones; {@link Long#MAX_VALUE} for the newest
     * @param limit of messages in the page, positive; a page is also full with {@link PageBuilder#MAX_BYTES}
     */
    CompletableFuture<Page> before(String room, long sequence, int limit);

    /**
     * Where the newest messages of a room begin.
     *
     * @param count of them, not negative; when there are fewer, all of them
     * @return completes with the sequence to read {@link #after}, the newest one itself for a {@code count} of 0
     */
    CompletableFuture<Long> beforeNewest(String room, int count);

    /** Finishes what was appended and releases the log. Appending fails from now on. Idempotent. */
    @Override
    void close();
}

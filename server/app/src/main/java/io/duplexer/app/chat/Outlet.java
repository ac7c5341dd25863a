package io.duplexer.app.chat;

/**
 * The way out to one client, implemented by each transport.
 *
 * <p>Methods are called from any thread, with locks of the chat held: they must not block, and must not call the
 * session back before they return. What is delivered must reach the client in the order of the calls.
 */
public interface Outlet {
    /** Sends, or queues. When its queue is at its limit the outlet ends the client, and says that it may resume. */
    void deliver(Delivery delivery);

    /**
     * Whether there is room for more history. Once it has been false, the transport calls
     * {@link ChatSession#onWritable()} when there is room again. Live messages do not wait for it.
     */
    boolean isWritable();

    /** Ends the client with a reason, after what was delivered before. The first call counts. */
    void end(ChatException reason);
}

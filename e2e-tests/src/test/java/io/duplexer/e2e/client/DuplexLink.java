package io.duplexer.e2e.client;

import io.duplexer.chat.v1.Message;

/** A stream of messages each way. A new transport of that kind is one more {@link Opener}. */
public interface DuplexLink {
    /** Sends, in the order of the calls, from any thread. */
    void send(Message message);

    /** Goes away. Idempotent. */
    void close();

    /** Told what the server sends, one call at a time. */
    interface Listener {
        void onMessage(Message message);

        void onEnd(Refused reason);
    }

    /** Opens a link. */
    interface Opener {
        DuplexLink open(Listener listener);
    }
}

package io.duplexer.bench.load;

import java.nio.ByteBuffer;

/** Is told each message that a client receives, on the load's thread. */
@FunctionalInterface
public interface MessageListener {
    /**
     * A whole message.
     *
     * @param buffer the load's own, valid during the call: the message is its {@code length} bytes from {@code offset}
     */
    void onMessage(Client client, ByteBuffer buffer, int offset, int length);
}

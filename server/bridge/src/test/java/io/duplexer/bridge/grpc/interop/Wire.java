package io.duplexer.bridge.grpc.interop;

import io.grpc.Metadata;
import io.netty.channel.EventLoop;
import java.util.Map;

/** One call's way to the server and back. Used on its event loop only. */
interface Wire {
    /** What comes back, on the event loop. */
    interface Listener {
        /** Headers, or trailers if they have a status. */
        void onBlock(Metadata block);

        void onData(byte[] bytes, int offset, int length);

        /** There will be nothing more. */
        void onEnd();
    }

    EventLoop loop();

    void start(String path, Iterable<Map.Entry<String, String>> headers, Listener listener);

    /**
     * Sends a part of the stream of gRPC frames.
     *
     * @param onSent run when the transport has taken it
     */
    void send(byte[] frames, Runnable onSent);

    void halfClose();

    /** Ends the call before its time. */
    void cancel();
}

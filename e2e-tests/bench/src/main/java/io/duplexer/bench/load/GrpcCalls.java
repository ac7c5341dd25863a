package io.duplexer.bench.load;

/** How calls are made on one transport; all on the load's thread. */
public interface GrpcCalls {
    /** Starts a call. */
    Call start(Listener listener);

    /** Sends what was started before anything has come. */
    void begin();

    /** One call. */
    interface Call {
        /** Sends the message that all calls send. */
        void send();

        /** Sends it as the last one. */
        void sendLast();
    }

    /** Is told what comes back. */
    interface Listener {
        /** A message, whose content nobody looks at. */
        void onMessage();

        /** The call has ended, with its trailers. */
        void onEnd();
    }
}

package io.duplexer.app.history.sqlite;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether messages can be written, and who wants to know. Thread-safe. */
final class Health {
    private static final Logger logger = LoggerFactory.getLogger(Health.class);

    private Consumer<Boolean> listener = healthy -> {};
    private boolean healthy = true;

    synchronized void listen(Consumer<Boolean> newListener) {
        listener = newListener;
        listener.accept(healthy);
    }

    synchronized boolean isHealthy() {
        return healthy;
    }

    /** Writing has succeeded. */
    synchronized void well() {
        if (!healthy) {
            healthy = true;
            logger.info("the history can be written again");
            listener.accept(true);
        }
    }

    /** Writing has failed. Only the first failure is logged: while the disk is full there may be thousands a second. */
    synchronized void broken(Throwable cause) {
        if (healthy) {
            healthy = false;
            logger.error("the history cannot be written: messages are refused until it can", cause);
            listener.accept(false);
        }
    }
}

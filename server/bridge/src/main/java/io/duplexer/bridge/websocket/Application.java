package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.util.SafeCloseable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the application's code of one session, with the request's context pushed, and turns what it throws into a close
 * status. Used on the event loop only.
 */
final class Application {
    private static final Logger logger = LoggerFactory.getLogger(Application.class);

    private final WebSocketSession session;
    private @Nullable WebSocketListener listener;

    Application(WebSocketSession session) {
        this.session = session;
    }

    /** Returns what to close the session with, or null if all is well. */
    @Nullable
    CloseStatus open(WebSocketHandler handler) {
        return guarded(() -> listener = handler.onOpen(session));
    }

    /** Returns what to close the session with, or null if all is well. */
    @Nullable
    CloseStatus tell(Consumer<WebSocketListener> call) {
        WebSocketListener receiver = listener;
        return receiver == null ? null : guarded(() -> call.accept(receiver));
    }

    private @Nullable CloseStatus guarded(Runnable call) {
        SafeCloseable popped = session.context().push();
        try {
            call.run();
            return null;
        } catch (UnsupportedMessageException e) {
            String reason = e.getMessage();
            return reason == null ? CloseStatus.UNSUPPORTED_DATA : CloseStatus.UNSUPPORTED_DATA.withReason(reason);
        } catch (Throwable e) {
            logger.warn("{} The WebSocket's listener failed", session.context(), e);
            return CloseStatus.SERVER_ERROR;
        } finally {
            popped.close();
        }
    }
}

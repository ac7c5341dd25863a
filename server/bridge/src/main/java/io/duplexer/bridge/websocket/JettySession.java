package io.duplexer.bridge.websocket;

import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.Negotiated;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;

/** Jetty's state machine of one WebSocket, set up for a server whose buffers are bounded elsewhere. */
final class JettySession extends WebSocketCoreSession {
    private final Consumer<CloseStatus> onCloseFrame;

    /** @param onCloseFrame told, before it is sent, of every Close frame that goes to the peer, replies too */
    JettySession(FrameHandler handler, Negotiated negotiated, Consumer<CloseStatus> onCloseFrame) {
        super(handler, Behavior.SERVER, negotiated, JettyEngine.components());
        this.onCloseFrame = onCloseFrame;
        // Frames are refused by their headers (FrameParser), messages as they grow (MessageAssembler).
        setAutoFragment(true);
        setMaxFrameSize(0);
        setMaxTextMessageSize(0);
        setMaxBinaryMessageSize(0);
    }

    @Override
    public void close(org.eclipse.jetty.websocket.core.CloseStatus status, Callback callback) {
        var told = tellable(status);
        onCloseFrame.accept(CloseStatus.of(told));
        super.close(told, callback);
    }

    /** The status as the peer may see it: the text of an exception that nobody expected is nothing for it. */
    static org.eclipse.jetty.websocket.core.CloseStatus tellable(org.eclipse.jetty.websocket.core.CloseStatus status) {
        boolean unexpected = status.getCode() == CloseStatus.SERVER_ERROR.code() && status.getCause() != null;
        return unexpected ? CloseStatus.SERVER_ERROR.toJetty() : status;
    }

    /** Runs the handler as it is: no class loader to switch. */
    @Override
    protected void handle(Runnable runnable) {
        runnable.run();
    }
}

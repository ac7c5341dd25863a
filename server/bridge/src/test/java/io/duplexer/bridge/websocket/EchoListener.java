package io.duplexer.bridge.websocket;

/** Sends back what comes, and stops reading while the peer does not take it. */
final class EchoListener implements WebSocketListener {
    private final WebSocketSession session;

    EchoListener(WebSocketSession session) {
        this.session = session;
    }

    @Override
    public void onText(String text) {
        session.sendText(text);
        pauseIfFull();
    }

    @Override
    public void onBinary(byte[] message) {
        session.sendBinary(message);
        pauseIfFull();
    }

    @Override
    public void onWritable() {
        session.resumeReading();
    }

    private void pauseIfFull() {
        if (!session.isWritable()) {
            session.pauseReading();
        }
    }
}

package io.duplexer.bridge.websocket;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hands sessions and what happens to them to the test's thread. */
final class RecordingHandler implements WebSocketHandler {
    private static final int PATIENCE_SECONDS = 10;

    private final BlockingQueue<Recorder> opened = new LinkedBlockingQueue<>();

    @Override
    public WebSocketListener onOpen(WebSocketSession session) {
        Recorder recorder = new Recorder(session);
        opened.add(recorder);
        return recorder;
    }

    /** The next session to open. */
    Recorder next() throws InterruptedException {
        return take(opened);
    }

    private static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing happened in " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    /** One session and its events: texts, byte arrays, close statuses, and the words below. */
    static final class Recorder implements WebSocketListener {
        static final String WRITABLE = "(writable)";

        private final WebSocketSession session;
        private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

        Recorder(WebSocketSession session) {
            this.session = session;
        }

        WebSocketSession session() {
            return session;
        }

        Object next() throws InterruptedException {
            return take(events);
        }

        /** The next event but {@link #WRITABLE}, for a peer that may or may not have made room in between. */
        Object nextButWritable() throws InterruptedException {
            Object next = next();
            while (next.equals(WRITABLE)) {
                next = next();
            }
            return next;
        }

        int pending() {
            return events.size();
        }

        @Override
        public void onText(String text) {
            events.add(text);
        }

        @Override
        public void onBinary(byte[] message) {
            events.add(message);
        }

        @Override
        public void onPong(byte[] payload) {
            events.add(payload);
        }

        @Override
        public void onWritable() {
            events.add(WRITABLE);
        }

        @Override
        public void onClosed(CloseStatus status) {
            events.add(status);
        }
    }
}

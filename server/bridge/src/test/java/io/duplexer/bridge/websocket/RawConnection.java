package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;

/** A WebSocket at the level of bytes, over whichever protocol. */
abstract class RawConnection implements AutoCloseable {
    abstract void send(byte[] bytes) throws IOException;

    /** What the server sends after the handshake. */
    abstract InputStream in();

    Frames.Received next() throws IOException {
        return Frames.read(in());
    }

    void expectText(String text) throws IOException {
        Frames.Received frame = next();
        assertThat(frame.opcode()).isEqualTo(Frames.TEXT);
        assertThat(frame.text()).isEqualTo(text);
    }

    /** Expects a Close frame and then the end of the connection. Returns the code, or -1 if there is none. */
    int expectClose() throws IOException {
        Frames.Received frame = next();
        assertThat(frame.opcode()).as("opcode of %s", frame.text()).isEqualTo(Frames.CLOSE);
        expectEnd();
        return frame.closeCode();
    }

    void expectEnd() throws IOException {
        assertThat(in().read()).isEqualTo(-1);
    }

    @Override
    public abstract void close() throws IOException;
}

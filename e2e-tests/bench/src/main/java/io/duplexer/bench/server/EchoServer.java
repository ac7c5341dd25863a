package io.duplexer.bench.server;

import com.linecorp.armeria.server.Server;
import io.duplexer.bridge.websocket.OriginPolicy;
import io.duplexer.bridge.websocket.WebSocketCompression;
import io.duplexer.bridge.websocket.WebSocketConfig;
import io.duplexer.bridge.websocket.WebSocketEndpoint;
import io.duplexer.bridge.websocket.WebSocketListener;
import io.duplexer.bridge.websocket.WebSocketSession;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Echoes text as text and binary as binary, through the bridge's engine: for benchmarks and conformance suites. */
@Command(name = "echo-server", mixinStandardHelpOptions = true)
public final class EchoServer implements Callable<Integer> {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    @Option(names = "--port", description = "The port on 127.0.0.1; 0 picks one.", defaultValue = "9001")
    private int port;

    @Option(names = "--compression", description = "Offers permessage-deflate.")
    private boolean compression;

    public static void main(String[] args) {
        int exitCode = new CommandLine(new EchoServer()).execute(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    @Override
    public Integer call() {
        // A suite may send many large messages before it reads the first answer.
        WebSocketConfig config = WebSocketConfig.DEFAULT
                .withMaxFrameBytes(MAX_MESSAGE_BYTES)
                .withMaxMessageBytes(MAX_MESSAGE_BYTES)
                .withMaxQueuedBytes(4 * MAX_MESSAGE_BYTES);
        WebSocketEndpoint endpoint = WebSocketEndpoint.builder(Echo::new)
                .config(compression ? config.withCompression(WebSocketCompression.upTo(1_000)) : config)
                .origins(OriginPolicy.allowList("*"))
                .build();
        Serving.start(Server.builder().service("/", endpoint), port);
        return 0;
    }

    /** Does not read on while the peer does not take the answers. */
    private record Echo(WebSocketSession session) implements WebSocketListener {
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
}

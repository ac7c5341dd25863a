package io.duplexer.e2e.browser;

import com.fasterxml.jackson.databind.JsonNode;
import io.duplexer.chat.v1.Message;
import io.duplexer.e2e.client.DuplexLink;
import io.duplexer.e2e.client.Refused;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code Chat} calls that a page in Chromium makes, with the transport of this project. One thread talks with the page: it
 * brings what is to be sent, and takes what came.
 */
public final class PageLinks implements AutoCloseable {
    private final ScriptPage page = new ScriptPage("connect");
    private final BlockingQueue<Map<String, Object>> commands = new LinkedBlockingQueue<>();
    private final Map<Integer, DuplexLink.Listener> listeners = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final Thread talking = new Thread(this::talk, "page");
    private volatile boolean closed;

    /** Opens a page of the given server. */
    public PageLinks(URI server) {
        page.visit(server);
        talking.setDaemon(true);
        talking.start();
    }

    /** Opens one call. */
    public DuplexLink open(DuplexLink.Listener listener) {
        int id = lastId.incrementAndGet();
        listeners.put(id, listener);
        commands.add(Map.of("id", id));
        return new DuplexLink() {
            @Override
            public void send(Message message) {
                commands.add(Map.of("id", id, "message", Base64.getEncoder().encodeToString(message.toByteArray())));
            }

            @Override
            public void close() {
                commands.add(Map.of("id", id, "close", true));
            }
        };
    }

    private void talk() {
        while (!closed) {
            List<Map<String, Object>> next = new ArrayList<>();
            commands.drainTo(next);
            page.run("return client.exchange(args[0])", next).forEach(this::tell);
        }
    }

    private void tell(JsonNode event) {
        var listener = listeners.get(event.path("id").asInt());
        if (listener == null) {
            throw new IllegalStateException("of an unknown link: " + event);
        }
        if (event.has("message")) {
            try {
                listener.onMessage(Message.parseFrom(event.path("message").binaryValue()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            listener.onEnd(Refused.of(Status.fromCodeValue(event.path("code").asInt())
                    .withDescription(event.path("text").asText())));
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            talking.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        page.close();
    }
}

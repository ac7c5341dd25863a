package io.duplexer.e2e.crash;

import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.e2e.client.ChatClient;
import io.duplexer.e2e.client.Transport;
import io.duplexer.e2e.support.ServerProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * A client that publishes as fast as it may, a few messages at a time, and remembers what was acknowledged. What was not
 * when its server died it sends again to the next one, under the same ids.
 */
final class Publisher {
    private static final int UNDER_WAY = 16;

    private final String user;
    private final String room;
    private final Transport transport;
    /** The sequence of each acknowledged message by its id. */
    final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    /** Acknowledged as duplicates: stored, but the first acknowledgement was lost. */
    final Map<String, Long> duplicates = new ConcurrentHashMap<>();
    /** In the order of sending. Guarded by itself. */
    private final Map<String, Message> open = new LinkedHashMap<>();

    private int count;
    private volatile boolean stopped;

    Publisher(String room, Transport transport) {
        this.room = room;
        this.transport = transport;
        this.user = room + " by " + transport;
    }

    /** Publishes until the server dies, or without end. */
    Thread start(ServerProcess server, CountDownLatch firstAcknowledged) {
        stopped = false;
        var thread = new Thread(() -> publish(server, firstAcknowledged, Integer.MAX_VALUE), user);
        thread.start();
        return thread;
    }

    /** Sends what is open again and waits until all of it is acknowledged. */
    void finish(ServerProcess server) {
        stopped = false;
        publish(server, new CountDownLatch(1), 0);
    }

    void stop() {
        stopped = true;
    }

    private void publish(ServerProcess server, CountDownLatch firstAcknowledged, int newMessages) {
        var permits = new Semaphore(UNDER_WAY);
        try (var client = transport.connect(server)) {
            for (var message : openMessages()) {
                send(client, message, permits, firstAcknowledged);
            }
            for (int i = 0; i < newMessages && !stopped; i++) {
                send(client, next(), permits, firstAcknowledged);
            }
            permits.acquire(UNDER_WAY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Message> openMessages() {
        synchronized (open) {
            return List.copyOf(open.values());
        }
    }

    private Message next() {
        var id = transport + "-" + ++count;
        var message = Message.newBuilder()
                .setId(id)
                .setUserId(user)
                .setRoom(room)
                .setContent("message " + count + " of " + user)
                .build();
        synchronized (open) {
            open.put(id, message);
        }
        return message;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are dealt with.
    private void send(ChatClient client, Message message, Semaphore permits, CountDownLatch firstAcknowledged)
            throws InterruptedException {
        permits.acquire();
        if (stopped) {
            permits.release();
            return;
        }
        client.publish(message).whenComplete((response, failure) -> {
            if (response != null) {
                acknowledge(response);
                firstAcknowledged.countDown();
            } else {
                // The server is gone, and with it this connection: nothing more is sent on it.
                stopped = true;
            }
            permits.release();
        });
    }

    private void acknowledge(MessageResponse response) {
        synchronized (open) {
            open.remove(response.getMessageId());
        }
        (response.getDuplicate() ? duplicates : acknowledged).put(response.getMessageId(), response.getSequence());
    }

    /** How many were sent and not acknowledged. */
    int openCount() {
        synchronized (open) {
            return open.size();
        }
    }

    String user() {
        return user;
    }
}

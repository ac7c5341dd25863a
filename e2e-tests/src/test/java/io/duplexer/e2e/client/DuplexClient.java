package io.duplexer.e2e.client;

import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Left;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.MessageResponse;
import io.duplexer.chat.v1.ReadHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client on a transport where one stream goes each way: what it publishes is acknowledged by the echo, and many rooms
 * share the stream.
 */
public final class DuplexClient implements ChatClient, DuplexLink.Listener {
    private final DuplexLink link;
    private final Map<String, Feed> feeds = new ConcurrentHashMap<>();
    /** What was sent and not answered yet, in order. Guarded by itself. */
    private final List<Pending> pending = new ArrayList<>();

    private final Map<String, CompletableFuture<HistoryPage>> reads = new ConcurrentHashMap<>();
    private final AtomicInteger nextRead = new AtomicInteger();

    private volatile @Nullable Refused ended;

    private record Pending(Message message, CompletableFuture<MessageResponse> answer) {}

    public DuplexClient(DuplexLink.Opener opener) {
        link = opener.open(this);
    }

    @Override
    public CompletableFuture<MessageResponse> publish(Message message) {
        var answer = new CompletableFuture<MessageResponse>();
        synchronized (pending) {
            pending.add(new Pending(message, answer));
            link.send(message);
        }
        var end = ended;
        if (end != null) {
            answer.completeExceptionally(end);
        }
        return answer;
    }

    @Override
    public Feed join(String userId, String room, Join join) {
        var event = Message.newBuilder().setUserId(userId).setRoom(room);
        var feed = new Feed();
        feed.onLeave(() -> send(event.setLeft(Left.getDefaultInstance()).build()));
        feeds.put(roomName(room), feed);
        link.send(event.setJoin(join).build());
        var end = ended;
        if (end != null) {
            feed.end(end);
        }
        return feed;
    }

    @Override
    public Feed listen(String userId) {
        var feed = new Feed();
        feed.onLeave(this::close);
        feeds.put(LOBBY, feed);
        return feed;
    }

    @Override
    public void type(String userId, String room) {
        send(ChatClient.typing(userId, room));
    }

    @Override
    public CompletableFuture<HistoryPage> readHistory(String userId, String room, ReadHistory request) {
        var answer = new CompletableFuture<HistoryPage>();
        var id = "read-" + nextRead.incrementAndGet();
        reads.put(id, answer);
        send(Message.newBuilder()
                .setId(id)
                .setUserId(userId)
                .setRoom(room)
                .setReadHistory(request)
                .build());
        return answer;
    }

    /** Sends what is neither published nor answered. */
    public void send(Message message) {
        link.send(message);
    }

    @Override
    public void onMessage(Message message) {
        var read = message.hasHistory() || message.hasRejected() ? reads.remove(message.getId()) : null;
        if (read != null && message.hasHistory()) {
            read.complete(message.getHistory());
            return;
        }
        if (read != null) {
            read.completeExceptionally(Refused.of(message.getRejected()));
            return;
        }
        if (message.hasRejected()) {
            onRejected(message);
            return;
        }
        var feed = feeds.get(message.getRoom());
        if (feed != null && !message.getDuplicate()) {
            feed.add(message);
        }
        // Last: whoever waits for it may go on and join the room.
        if (message.getEventCase() == Message.EventCase.EVENT_NOT_SET) {
            acknowledge(message);
        }
    }

    private void onRejected(Message message) {
        var refused = Refused.of(message.getRejected());
        var refusedMessage = takePending(sent -> sent.getId().equals(message.getId())
                && sent.getUserId().equals(message.getUserId())
                && roomName(sent.getRoom()).equals(message.getRoom()));
        var feed = feeds.get(message.getRoom());
        if (refusedMessage != null) {
            refusedMessage.answer().completeExceptionally(refused);
        } else if (feed != null) {
            feed.end(refused);
        }
    }

    private void acknowledge(Message echo) {
        var acknowledged = takePending(sent -> sent.getUserId().equals(echo.getUserId())
                && roomName(sent.getRoom()).equals(echo.getRoom())
                && (sent.getId().isEmpty()
                        ? sent.getContent().equals(echo.getContent())
                        : sent.getId().equals(echo.getId())));
        if (acknowledged != null) {
            acknowledged
                    .answer()
                    .complete(MessageResponse.newBuilder()
                            .setSuccess(true)
                            .setMessageId(echo.getId())
                            .setSequence(echo.getSequence())
                            .setTimestamp(echo.getTimestamp())
                            .setDuplicate(echo.getDuplicate())
                            .build());
        }
    }

    private @Nullable Pending takePending(Predicate<Message> which) {
        synchronized (pending) {
            for (var candidate : pending) {
                if (which.test(candidate.message())) {
                    pending.remove(candidate);
                    return candidate;
                }
            }
            return null;
        }
    }

    @Override
    public void onEnd(Refused reason) {
        ended = reason;
        feeds.values().forEach(feed -> feed.end(reason));
        reads.values().forEach(read -> read.completeExceptionally(reason));
        synchronized (pending) {
            pending.forEach(sent -> sent.answer().completeExceptionally(reason));
            pending.clear();
        }
    }

    @Override
    public void close() {
        link.close();
    }

    private static String roomName(String room) {
        return room.isEmpty() ? LOBBY : room;
    }
}

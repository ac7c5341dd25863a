package io.duplexer.app.chat;

import io.duplexer.app.history.Appended;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Left;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Rejected;
import io.duplexer.chat.v1.Typing;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One client of the chat: a stream or a socket. What it sends goes into {@link #receive}, what it gets comes out of
 * its {@link Outlet}.
 *
 * <p>Calls of {@link #receive} must not overlap; the other methods may be called from any thread.
 */
public final class ChatSession {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Chat chat;
    private final Outlet outlet;
    private final TokenBucket publishRate;
    private final Map<String, Entered> rooms = new ConcurrentHashMap<>();
    private volatile boolean closed;
    /** Whether the client has shown that it knows events, by sending a join. */
    private volatile boolean speaksEvents;

    /**
     * What was received and has not been dealt with: no more than its transport lets a client have under way. Each has a key
     * of its own, since futures have no equality to be found by.
     */
    private final Map<Object, CompletableFuture<Void>> open = new ConcurrentHashMap<>();

    /** A room that was entered. Whoever ends the membership advances the catch-up: it then finds its end. */
    private record Entered(Room room, Membership membership, CatchUp catchUp) {}

    ChatSession(Chat chat, Outlet outlet, TokenBucket publishRate) {
        this.chat = chat;
        this.outlet = outlet;
        this.publishRate = publishRate;
    }

    /** Gets the chat messages of {@code room} from now on, without events and without being seen. */
    public void listen(String room) {
        MessageRules.requireName("room", room);
        enter(MessageRules.room(room), Membership.listener(outlet));
    }

    /** {@link #listen(String)} for a client that says who it is. */
    public void listen(String userId, String room) {
        MessageRules.requireUserId(userId);
        listen(room);
    }

    /**
     * Takes back {@link #listen} and enters {@code room} as {@code userId}. All who are there are told: like a message, it
     * counts against the publish rate.
     */
    public CompletableFuture<Void> join(String userId, String room, Join join) {
        speaksEvents = true;
        chat.requirePermit(publishRate);
        MessageRules.requireUserId(userId);
        MessageRules.requireName("room", room);
        rooms.values().stream()
                .filter(entered -> entered.membership().userId().isEmpty())
                .forEach(entered -> leave(entered, true));
        var entered = enter(MessageRules.room(room), Membership.entering(userId, outlet));
        return entered.catchUp().start(join);
    }

    /**
     * Takes one message from the client. What is wrong with it is said through the outlet: as a {@code rejected}
     * event to a client that has sent a join, by ending the session otherwise.
     *
     * @return completes, never with a failure, when the message has been dealt with: stored, answered or refused
     */
    @SuppressWarnings("FutureReturnValueIgnored") // It never fails.
    public CompletableFuture<Void> receive(Message message) {
        CompletableFuture<Void> handled;
        try {
            handled = handle(message);
        } catch (ChatException e) {
            refuse(message, e);
            return DONE;
        }
        if (!handled.isDone()) {
            var key = new Object();
            open.put(key, handled);
            handled.thenRun(() -> open.remove(key));
        }
        return handled;
    }

    private CompletableFuture<Void> handle(Message message) {
        return switch (message.getEventCase()) {
            case EVENT_NOT_SET -> publish(message);
            case JOIN -> join(message.getUserId(), message.getRoom(), message.getJoin());
            case LEFT -> leave(message);
            case TYPING -> type(message);
            case READ_HISTORY -> readHistory(message);
            case JOINED, REJECTED, RECOVERED, HISTORY ->
                throw MessageRules.invalid(
                        "event",
                        message.getEventCase().name().toLowerCase(Locale.ROOT),
                        "join, left, typing or read_history: the others come from the server only");
        };
    }

    private CompletableFuture<Void> publish(Message message) {
        return chat.publish(message, publishRate)
                .thenCompose(appended -> acknowledge(appended, null))
                .exceptionally(failure -> {
                    refuse(message, Chat.refusal(failure));
                    return null;
                });
    }

    /**
     * A sender whom the message reaches as a member of its room needs nothing else.
     *
     * @param before a way on which it is known not to come: the room may be joined again, or left, while its history is
     *     read
     */
    private CompletableFuture<Void> acknowledge(Appended appended, @Nullable Entered before) {
        var entered = rooms.get(appended.message().getRoom());
        if (appended.duplicate() || entered == null || entered.equals(before)) {
            echo(appended);
            return DONE;
        }
        return entered.catchUp()
                .delivers(appended.message().getSequence())
                .thenCompose(delivered -> delivered ? DONE : acknowledge(appended, entered));
    }

    private void echo(Appended appended) {
        var message = appended.message().toBuilder().setDuplicate(appended.duplicate());
        outlet.deliver(new Delivery(message.build()));
    }

    private CompletableFuture<Void> leave(Message message) {
        chat.requirePermit(publishRate);
        var entered = entered(message);
        leave(entered, true);
        var user = entered.membership().userId();
        outlet.deliver(new Delivery(
                entered.room().event(user).setLeft(Left.getDefaultInstance()).build()));
        return DONE;
    }

    private CompletableFuture<Void> type(Message message) {
        chat.requirePermit(publishRate);
        var entered = entered(message);
        var typing = entered.room()
                .event(entered.membership().userId())
                .setTyping(Typing.getDefaultInstance())
                .build();
        entered.room().tell(typing, entered.membership());
        return DONE;
    }

    private CompletableFuture<Void> readHistory(Message message) {
        MessageRules.requireName("id", message.getId());
        var entered = entered(message);
        return chat.read(entered.room().name(), message.getReadHistory(), publishRate)
                .thenAccept(page -> outlet.deliver(new Delivery(entered.room()
                        .event(entered.membership().userId())
                        .setId(message.getId())
                        .setHistory(page)
                        .build())))
                .exceptionally(failure -> {
                    refuse(message, Chat.refusal(failure));
                    return null;
                });
    }

    private Entered entered(Message message) {
        MessageRules.requireName("room", message.getRoom());
        var entered = rooms.get(MessageRules.room(message.getRoom()));
        if (entered == null || entered.membership().userId().isEmpty()) {
            throw MessageRules.invalid(
                    "room", '"' + message.getRoom() + "\" has not been joined", "a join of that room before");
        }
        return entered;
    }

    private Entered enter(String name, Membership membership) {
        if (!rooms.containsKey(name) && rooms.size() >= chat.limits().maxSubscriptions()) {
            throw new ChatException(
                    Problem.TOO_MANY,
                    "room: this connection is in " + rooms.size() + " rooms already (expected: at most "
                            + chat.limits().maxSubscriptions() + ")");
        }
        var before = rooms.get(name);
        var room = chat.enter(name, membership, before == null ? null : before.membership());
        var entered = new Entered(room, membership, new CatchUp(chat.history(), room, membership, outlet));
        rooms.put(name, entered);
        if (before != null) {
            before.catchUp().advance();
        }
        if (closed) {
            close();
        }
        return entered;
    }

    private void leave(Entered entered, boolean meant) {
        if (rooms.remove(entered.room().name(), entered)) {
            chat.leave(entered.room(), entered.membership(), meant);
            entered.catchUp().advance();
        }
    }

    /**
     * Refuses what the client sent, through the outlet as {@link #receive} does.
     *
     * @param message as far as it could be read
     */
    public void refuse(Message message, ChatException reason) {
        if (!speaksEvents) {
            outlet.end(reason);
            return;
        }
        var rejected = Rejected.newBuilder()
                .setCode(reason.problem().code())
                .setReason(reason.reason())
                .setRetryAfterMillis(
                        (int) reason.retryAfter().plusNanos(999_999).toMillis());
        outlet.deliver(
                new Delivery(MessageRules.address(message).setRejected(rejected).build()));
    }

    /** Completes when everything received so far has been dealt with. */
    public CompletableFuture<Void> settled() {
        return CompletableFuture.allOf(open.values().toArray(CompletableFuture[]::new));
    }

    /** The outlet has room again: history goes on. Not to be called from within the outlet's methods. */
    public void onWritable() {
        rooms.values().forEach(entered -> entered.catchUp().advance());
    }

    /** The client is gone: leaves every room. Idempotent. */
    public void close() {
        closed = true;
        rooms.values().forEach(entered -> leave(entered, false));
        chat.forget(this);
    }

    void end(ChatException reason) {
        outlet.end(reason);
    }
}

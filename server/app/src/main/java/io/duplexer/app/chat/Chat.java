package io.duplexer.app.chat;

import io.duplexer.app.history.Appended;
import io.duplexer.app.history.History;
import io.duplexer.app.history.HistoryFullException;
import io.duplexer.app.history.HistoryUnavailableException;
import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.ReadHistory;
import io.duplexer.chat.v1.ReadHistoryRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chat: takes messages, has the history put them in order and store them, and hands them to the members of their
 * rooms. Thread-safe; nothing here blocks.
 */
public final class Chat implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(Chat.class);

    private final History history;
    private final ChatLimits limits;
    private final MessageRules rules;
    private final Past past;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();
    private final Set<ChatSession> sessions = ConcurrentHashMap.newKeySet();
    /** Of {@link #sessions}, those included that are about to be added, so that the limit is one. */
    private final AtomicInteger sessionCount = new AtomicInteger();

    /** Of {@link #rooms}, without the lobby. */
    private final AtomicInteger chosenRooms = new AtomicInteger();

    private final LongAdder messages = new LongAdder();
    private final LongAdder deliveries = new LongAdder();

    private final Room.Timer timer;
    private volatile boolean stopping;

    public Chat(History history, ChatLimits limits, InstantSource clock) {
        this(history, limits, clock, Chat::after);
    }

    Chat(History history, ChatLimits limits, InstantSource clock, Room.Timer timer) {
        this.timer = timer;
        this.history = history;
        this.limits = limits;
        this.rules = new MessageRules(limits.maxContentBytes(), clock);
        this.past = new Past(history);
        history.tail(message -> {
            messages.increment();
            var room = rooms.get(message.getRoom());
            if (room != null) {
                deliveries.add(room.publish(new Delivery(message)));
            }
        });
    }

    /** The publish rate of one connection. */
    public TokenBucket newPublishRate() {
        return new TokenBucket(limits.publishRate(), limits.publishBurst(), System::nanoTime);
    }

    /**
     * Publishes a chat message.
     *
     * @param publishRate of the connection that it came by
     * @return completes when the message is in the history and its members' outlets have it; fails with a
     *     {@link ChatException}
     */
    public CompletableFuture<Appended> publish(Message message, TokenBucket publishRate) {
        try {
            requirePermit(publishRate);
            requireRunning();
            return append(rules.check(message));
        } catch (ChatException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * What of {@code message} may be published, for a transport that has it wait before {@link #publishAccepted}: it is
     * then no longer than a message may be.
     *
     * @throws ChatException if it is none that may be published
     */
    public Message accept(Message message) {
        return rules.accept(message).build();
    }

    /**
     * {@link #publish} for a transport that holds back its client itself, by {@link TokenBucket#tryTake}.
     *
     * @param accepted what {@link #accept} has returned: it is not looked at again
     */
    public CompletableFuture<Appended> publishAccepted(Message accepted) {
        try {
            requireRunning();
            return append(rules.complete(accepted.toBuilder()));
        } catch (ChatException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Appended> append(Message complete) {
        return history.append(complete).handle((appended, failure) -> {
            if (failure != null) {
                throw refusal(failure);
            }
            return appended;
        });
    }

    /** What tells a client which of its messages is meant: its names, but for those that are far too long for one. */
    public static Message address(Message message) {
        return MessageRules.address(message).build();
    }

    /**
     * Tells a room that a user who need not be in it is writing. It goes to none of that user's own connections: which
     * of them it came from is not known.
     *
     * @throws ChatException if the message names no user or no room, or the connection sends too fast
     */
    public void type(Message message, TokenBucket publishRate) {
        requirePermit(publishRate);
        requireRunning();
        MessageRules.requireUserId(message.getUserId());
        MessageRules.requireName("room", message.getRoom());
        var room = rooms.get(MessageRules.room(message.getRoom()));
        if (room != null) {
            room.type(message.getUserId());
        }
    }

    /**
     * Reads back in a room's history.
     *
     * @return completes with a page; fails with a {@link ChatException}
     */
    public CompletableFuture<HistoryPage> read(ReadHistoryRequest request, TokenBucket publishRate) {
        try {
            MessageRules.requireUserId(request.getUserId());
            MessageRules.requireName("room", request.getRoom());
            var page = ReadHistory.newBuilder().setBefore(request.getBefore()).setLimit(request.getLimit());
            return read(MessageRules.room(request.getRoom()), page.build(), publishRate);
        } catch (ChatException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** As {@link Past#read}, at the rate of a connection. */
    CompletableFuture<HistoryPage> read(String room, ReadHistory request, TokenBucket publishRate) {
        requirePermit(publishRate);
        requireRunning();
        return past.read(room, request);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The room sees to it that it is still wanted.
    private static void after(Duration delay, Runnable task) {
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                .execute(task);
    }

    private void requireRunning() {
        if (stopping) {
            throw stopping();
        }
    }

    void requirePermit(TokenBucket publishRate) {
        var wait = publishRate.tryTake();
        if (!wait.isZero()) {
            throw new ChatException(
                    Problem.RATE_LIMITED,
                    "rate: too many messages on this connection (expected: at most " + limits.publishRate()
                            + " a second, " + limits.publishBurst() + " at once)",
                    wait);
        }
    }

    /** What a failure of the chat means to its caller. */
    public static ChatException refusal(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ChatException refusal) {
            return refusal;
        }
        if (cause instanceof HistoryFullException) {
            return new ChatException(Problem.TOO_MANY, String.valueOf(cause.getMessage()));
        }
        if (!isOverload(cause)) {
            logger.error("the history refused a message", cause);
        }
        return new ChatException(
                Problem.UNAVAILABLE,
                "history: the message could not be stored (expected: send it again later, with the same id)",
                Duration.ofSeconds(1));
    }

    /** Whether there is nothing to log: the history has refused, as it may under load, and says itself why. */
    static boolean isOverload(Throwable failure) {
        return failure instanceof HistoryUnavailableException
                || failure.getCause() instanceof HistoryUnavailableException;
    }

    /**
     * Opens a session.
     *
     * @throws ChatException when the server has too many, or is stopping
     */
    public ChatSession connect(Outlet outlet, TokenBucket publishRate) {
        if (sessionCount.incrementAndGet() > limits.maxSessions()) {
            sessionCount.decrementAndGet();
            throw new ChatException(
                    Problem.TOO_MANY,
                    "connections: this server has " + limits.maxSessions() + " already (expected: at most "
                            + limits.maxSessions() + ")");
        }
        var session = new ChatSession(this, outlet, publishRate);
        sessions.add(session);
        if (stopping) {
            session.close();
            throw stopping();
        }
        return session;
    }

    void forget(ChatSession session) {
        if (sessions.remove(session)) {
            sessionCount.decrementAndGet();
        }
    }

    /** Enters a room, see {@link Room#enter}. */
    Room enter(String name, Membership membership, @Nullable Membership before) {
        return rooms.compute(name, (key, room) -> {
            var entered = room == null ? open(name) : room;
            entered.enter(membership, before);
            return entered;
        });
    }

    /** The lobby does not count: everybody is there who has not chosen a room yet. */
    private Room open(String name) {
        if (!name.equals(MessageRules.DEFAULT_ROOM) && chosenRooms.incrementAndGet() > limits.maxRooms()) {
            chosenRooms.decrementAndGet();
            throw new ChatException(
                    Problem.TOO_MANY,
                    "room: " + limits.maxRooms() + " rooms have members already (expected: one of those)");
        }
        return new Room(name, limits.presenceGrace(), timer);
    }

    /** Leaves a room, see {@link Room#leave}. */
    void leave(Room left, Membership membership, boolean meant) {
        rooms.computeIfPresent(left.name(), (key, room) -> {
            if (room != left || !left.leave(membership, meant)) {
                return room;
            }
            if (!left.name().equals(MessageRules.DEFAULT_ROOM)) {
                chosenRooms.decrementAndGet();
            }
            return null;
        });
    }

    History history() {
        return history;
    }

    ChatLimits limits() {
        return limits;
    }

    /** Open sessions. */
    public int sessionCount() {
        return sessionCount.get();
    }

    /** Rooms with members. */
    public int roomCount() {
        return rooms.size();
    }

    /** Messages that the history has taken since the start. */
    public long messageCount() {
        return messages.sum();
    }

    /** How often such a message was handed to a member of its room. */
    public long deliveryCount() {
        return deliveries.sum();
    }

    private static ChatException stopping() {
        return new ChatException(
                Problem.STOPPING, "the server is stopping (expected: reconnect)", Duration.ofSeconds(1));
    }

    /** Accepts nothing any more and ends every session. What was accepted before is finished. Idempotent. */
    @Override
    public void close() {
        stopping = true;
        sessions.forEach(session -> session.end(stopping()));
    }
}

package io.duplexer.app.chat;

import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session in one room: where it stands in the room's order, and whether it reads from the history or live. All
 * methods that change something are called with the room's monitor held, except {@link #catchUp} and
 * {@link #endWithGap}, which the reader of the history calls while the state is {@link State#CATCHING_UP} and nobody
 * else delivers messages.
 */
final class Membership {
    private static final Logger logger = LoggerFactory.getLogger(Membership.class);
    /** Where nothing has been seen and nothing before the next message is owed. */
    private static final long ANYWHERE = -1;

    private final String userId;
    private final Outlet outlet;
    private final boolean present;
    private final CompletableFuture<Long> begun = new CompletableFuture<>();
    private volatile State state;
    private volatile long last = ANYWHERE;
    /** Whether the room counts it as one of its user's. */
    private boolean counted;

    enum State {
        /** Asked to enter: gets nothing yet. */
        ENTERING,
        /** Reads the history: gets events live, messages from the log. */
        CATCHING_UP,
        LIVE,
        LEFT
    }

    private Membership(String userId, Outlet outlet, State state, boolean present) {
        this.userId = userId;
        this.outlet = outlet;
        this.state = state;
        this.present = present;
    }

    /** A member that gets the chat messages from now on and no events, and is not seen by others. */
    static Membership listener(Outlet outlet) {
        var listener = new Membership("", outlet, State.LIVE, false);
        listener.begin();
        return listener;
    }

    /** A member that asked to join. */
    static Membership entering(String userId, Outlet outlet) {
        return new Membership(userId, outlet, State.ENTERING, true);
    }

    String userId() {
        return userId;
    }

    /** The sequence of the last message delivered, or that the client had before. */
    long last() {
        return last;
    }

    State state() {
        return state;
    }

    /** Completes, once it is known, with the sequence after which the messages are delivered here. */
    CompletableFuture<Long> begun() {
        return begun;
    }

    void startAfter(long sequence) {
        last = sequence;
    }

    /** Completes {@link #begun}, after the client has been told where it begins. Any thread may call it. */
    void begin() {
        begun.complete(last);
    }

    /** Counts from now on. Returns whether it did not before. */
    boolean appear() {
        var appeared = !counted;
        counted = true;
        return appeared;
    }

    /** Ends {@code before}, a membership of the same user, and counts in its place. */
    void succeed(Membership before) {
        counted = before.leave();
    }

    void admit(Delivery recovered) {
        state = State.CATCHING_UP;
        outlet.deliver(recovered);
    }

    void goLive() {
        state = State.LIVE;
    }

    /** Ends the membership. Returns whether it was counted. */
    boolean leave() {
        state = State.LEFT;
        var wasCounted = counted;
        counted = false;
        return wasCounted;
    }

    void publish(Delivery delivery) {
        // What the history could be read of before the tail brought it has been delivered.
        if (state == State.LIVE && delivery.message().getSequence() > last) {
            deliverNext(delivery);
        }
    }

    void catchUp(Delivery delivery) {
        deliverNext(delivery);
    }

    void tell(Delivery event) {
        if (present && (state == State.LIVE || state == State.CATCHING_UP)) {
            outlet.deliver(event);
        }
    }

    private void deliverNext(Delivery delivery) {
        var message = delivery.message();
        if (last != ANYWHERE && message.getPreviousSequence() > last) {
            logger.warn(
                    "[{}] gap: after sequence {} comes {}, whose previous is {}",
                    message.getRoom(),
                    last,
                    message.getSequence(),
                    message.getPreviousSequence());
            endWithGap();
            return;
        }
        last = message.getSequence();
        outlet.deliver(delivery);
    }

    /** No gap passes silently: the client is sent away to resume, and learns there what was lost. */
    void endWithGap() {
        outlet.end(new ChatException(
                Problem.SLOW_SUBSCRIBER,
                "the history dropped messages before they were read (expected: reconnect and resume)"));
        state = State.LEFT;
    }
}

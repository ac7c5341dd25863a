package io.duplexer.app.chat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session in one room: where it stands in the room's order, and whether it reads from the history or live. All
 * methods are called with the room's monitor held, except {@link #catchUp} and {@link #last}, which the reader of the
 * history calls while the state is {@link State#CATCHING_UP} and nobody else delivers messages.
 */
final class Membership {
    private static final Logger logger = LoggerFactory.getLogger(Membership.class);
    /** Where nothing has been seen and nothing before the next message is owed. */
    private static final long ANYWHERE = -1;

    private final String userId;
    private final Outlet outlet;
    private final boolean present;
    private volatile State state;
    private volatile long last = ANYWHERE;

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
        return new Membership("", outlet, State.LIVE, false);
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

    void startAfter(long sequence) {
        last = sequence;
    }

    void admit(Delivery recovered) {
        state = State.CATCHING_UP;
        outlet.deliver(recovered);
    }

    void goLive() {
        state = State.LIVE;
    }

    /** Ends the membership. Returns whether others were told of its user. */
    boolean leave() {
        var seen = present && state != State.ENTERING && state != State.LEFT;
        state = State.LEFT;
        return seen;
    }

    void publish(Delivery delivery) {
        if (state == State.LIVE) {
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

    /** No gap passes silently: the client is sent away to resume, and learns there what was lost. */
    private void deliverNext(Delivery delivery) {
        var message = delivery.message();
        if (last != ANYWHERE && message.getPreviousSequence() > last) {
            logger.warn(
                    "[{}] gap: after sequence {} comes {}, whose previous is {}",
                    message.getRoom(),
                    last,
                    message.getSequence(),
                    message.getPreviousSequence());
            outlet.end(new ChatException(
                    Problem.SLOW_SUBSCRIBER,
                    "the history dropped messages before they were read (expected: reconnect and resume)"));
            state = State.LEFT;
            return;
        }
        last = message.getSequence();
        outlet.deliver(delivery);
    }
}

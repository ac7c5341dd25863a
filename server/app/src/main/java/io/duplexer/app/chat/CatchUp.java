package io.duplexer.app.chat;

import io.duplexer.app.history.History;
import io.duplexer.app.history.Page;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Recovered;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a membership from its place in the history to the live room: reads page after page, as fast as the client
 * takes them, until there is nothing left to read. Live messages need not be held meanwhile: they are in the history.
 *
 * <p>Runs on whichever thread brought the next page or the room to write, one at a time under its own monitor, which
 * is never taken with a room's monitor held.
 */
final class CatchUp {
    private static final Logger logger = LoggerFactory.getLogger(CatchUp.class);
    private static final int PAGE_MESSAGES = 128;

    private final History history;
    private final Room room;
    private final Membership membership;
    private final Outlet outlet;
    private final CompletableFuture<Void> live = new CompletableFuture<>();
    private Iterator<Message> page = List.<Message>of().iterator();
    private boolean reading = true;

    /** Of a membership that is live from the start there is nothing to read. */
    CatchUp(History history, Room room, Membership membership, Outlet outlet) {
        this.history = history;
        this.room = room;
        this.membership = membership;
        this.outlet = outlet;
        if (membership.state() == Membership.State.LIVE) {
            live.complete(null);
        }
    }

    /**
     * Starts reading.
     *
     * @return completes when the membership is live, or has ended
     */
    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are dealt with.
    CompletableFuture<Void> start(Join join) {
        begin(join).whenComplete((unused, failure) -> {
            if (failure == null) {
                advance();
            } else {
                fail(failure);
            }
        });
        return live;
    }

    /**
     * Completes when it is known whether a message reaches the client by this membership.
     *
     * @param sequence of a message that the tail has brought
     */
    CompletableFuture<Boolean> delivers(long sequence) {
        return membership.begun().thenCompose(begun -> {
            if (sequence <= begun) {
                return CompletableFuture.completedFuture(false);
            }
            return live.thenApply(unused -> sequence <= membership.last());
        });
    }

    private CompletableFuture<Void> begin(Join join) {
        var wanted = (int) Math.min(Integer.toUnsignedLong(join.getHistory()), ChatLimits.MAX_LISTED);
        var resume = join.getResume();
        if (!join.hasResume() || !resume.getEpoch().equals(history.epoch())) {
            return beginWithNewest(wanted);
        }
        return history.after(room.name(), resume.getSequence(), PAGE_MESSAGES).thenCompose(page -> {
            if (!reachesBackTo(resume.getSequence(), page)) {
                return beginWithNewest(wanted);
            }
            admit(resume.getSequence(), page, page.total(), true);
            return CompletableFuture.completedFuture(null);
        });
    }

    private CompletableFuture<Void> beginWithNewest(int wanted) {
        return history.beforeNewest(room.name(), wanted)
                .thenCompose(sequence -> history.after(room.name(), sequence, PAGE_MESSAGES))
                .thenAccept(page -> {
                    var messages = page.messages();
                    var start =
                            messages.isEmpty() ? page.head() : messages.get(0).getPreviousSequence();
                    admit(start, page, page.total(), false);
                });
    }

    /** Whether nothing between {@code sequence} and the page has been dropped. */
    private static boolean reachesBackTo(long sequence, Page page) {
        if (sequence < 0 || sequence > page.head()) {
            return false;
        }
        return page.messages().isEmpty()
                ? sequence == page.head()
                : page.messages().get(0).getPreviousSequence() <= sequence;
    }

    private synchronized void admit(long start, Page firstPage, long missed, boolean recovered) {
        membership.startAfter(start);
        take(firstPage);
        room.admit(
                membership,
                Recovered.newBuilder()
                        .setRecovered(recovered)
                        .setMissed((int) Math.min(missed, Integer.MAX_VALUE))
                        .setEpoch(history.epoch())
                        .setSequence(firstPage.head()));
        membership.begin();
    }

    private void take(Page next) {
        page = next.messages().iterator();
        reading = false;
    }

    /** Goes on, until the client must drain first, a page must come first, or the membership is live. */
    synchronized void advance() {
        while (!reading && !live.isDone()) {
            while (page.hasNext() && membership.state() == Membership.State.CATCHING_UP) {
                if (!outlet.isWritable()) {
                    return;
                }
                membership.catchUp(new Delivery(page.next()));
            }
            if (membership.state() == Membership.State.LEFT || room.goLive(membership)) {
                live.complete(null);
                return;
            }
            readOn();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes are dealt with.
    private void readOn() {
        var next = history.after(room.name(), membership.last(), PAGE_MESSAGES);
        if (next.isDone() && !next.isCompletedExceptionally()) {
            goOnWith(next.join());
            return;
        }
        reading = true;
        next.whenComplete((read, failure) -> {
            if (failure != null) {
                fail(failure);
                return;
            }
            goOnWith(read);
            advance();
        });
    }

    private synchronized void goOnWith(Page next) {
        take(next);
        if (next.messages().isEmpty()
                && next.head() > membership.last()
                && membership.state() == Membership.State.CATCHING_UP) {
            membership.endWithGap();
        }
    }

    private void fail(Throwable failure) {
        if (!Chat.isOverload(failure)) {
            logger.error("[{}] the history could not be read", room.name(), failure);
        }
        outlet.end(new ChatException(
                Problem.UNAVAILABLE, "the history could not be read (expected: reconnect and resume)"));
        membership.begin();
        live.complete(null);
    }
}

package io.duplexer.app.chat;

import io.duplexer.chat.v1.Joined;
import io.duplexer.chat.v1.Left;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Recovered;
import io.duplexer.chat.v1.Typing;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The members of one room, and who of them is present. Its monitor makes the one order in which all members see its
 * messages and events; {@link Outlet}s are called with it held.
 */
final class Room {
    private final String name;
    private final Set<Membership> members = new LinkedHashSet<>();
    /** How many memberships each present user has. */
    private final TreeMap<String, Integer> present = new TreeMap<>();
    /** Present users whose last connection was lost, each with what that absence is known by. */
    private final Map<String, Object> absent = new HashMap<>();
    /** How long they stay present. */
    private final Duration grace;

    private final Timer timer;
    /** The newest sequence that the tail has brought or a member has found in the history, 0 while there is none. */
    private long head;

    /** Runs something later, on any thread. */
    @FunctionalInterface
    interface Timer {
        void after(Duration delay, Runnable task);
    }

    /**
     * A room without members.
     *
     * @param grace that a user whose last connection is lost has to come back, before the others are told; zero for none
     */
    Room(String name, Duration grace, Timer timer) {
        this.name = name;
        this.grace = grace;
        this.timer = timer;
    }

    String name() {
        return name;
    }

    /**
     * Takes a member in.
     *
     * @param before what the same session has been here so far, which ends; if it is the same user, that stays present
     */
    synchronized void enter(Membership membership, @Nullable Membership before) {
        members.add(membership);
        if (before == null) {
            return;
        }
        if (!before.userId().equals(membership.userId())) {
            leave(before, true);
        } else if (members.remove(before)) {
            membership.succeed(before);
        }
    }

    /**
     * Takes a member out. Returns whether the room is empty now.
     *
     * @param meant whether the user wanted to leave; a connection that is lost may be replaced by another
     */
    synchronized boolean leave(Membership membership, boolean meant) {
        if (members.remove(membership)
                && membership.leave()
                && present.merge(membership.userId(), -1, Integer::sum) == 0) {
            if (meant || grace.isZero()) {
                disappear(membership.userId());
            } else {
                await(membership.userId());
            }
        }
        return members.isEmpty();
    }

    private void await(String userId) {
        var absence = new Object();
        absent.put(userId, absence);
        timer.after(grace, () -> {
            synchronized (this) {
                if (absent.remove(userId, absence)) {
                    disappear(userId);
                }
            }
        });
    }

    private void disappear(String userId) {
        present.remove(userId);
        tell(event(userId).setLeft(Left.getDefaultInstance()).build(), null);
    }

    /** Makes the user present and answers its join. From now on the membership gets events. */
    synchronized void admit(Membership membership, Recovered.Builder answer) {
        if (!members.contains(membership)) {
            return;
        }
        // The tail may have brought the newest messages when nobody was here.
        head = Math.max(head, answer.getSequence());
        if (membership.appear()
                && present.merge(membership.userId(), 1, Integer::sum) == 1
                && absent.remove(membership.userId()) == null) {
            tell(
                    event(membership.userId())
                            .setJoined(Joined.getDefaultInstance())
                            .build(),
                    membership);
        }
        present.keySet().stream().limit(ChatLimits.MAX_LISTED).forEach(answer::addMembers);
        answer.setMemberCount(present.size());
        membership.admit(
                new Delivery(event(membership.userId()).setRecovered(answer).build()));
    }

    /** Switches a membership that has read all of the history to live. False if there is more to read. */
    synchronized boolean goLive(Membership membership) {
        if (head > membership.last()) {
            return false;
        }
        if (members.contains(membership)) {
            membership.goLive();
        }
        return true;
    }

    /** A new chat message, from the tail of the history. Returns how many members have been handed it. */
    synchronized int publish(Delivery delivery) {
        head = Math.max(head, delivery.message().getSequence());
        for (var member : members) {
            member.publish(delivery);
        }
        return members.size();
    }

    /** Sends an event to every member but the one it comes from, if it comes from one. */
    synchronized void tell(Message event, @Nullable Membership from) {
        var delivery = new Delivery(event);
        for (var member : members) {
            if (member != from) {
                member.tell(delivery);
            }
        }
    }

    /** Tells every member of another user than {@code userId} that this one is writing. */
    synchronized void type(String userId) {
        var delivery = new Delivery(
                event(userId).setTyping(Typing.getDefaultInstance()).build());
        for (var member : members) {
            if (!member.userId().equals(userId)) {
                member.tell(delivery);
            }
        }
    }

    Message.Builder event(String userId) {
        return Message.newBuilder().setRoom(name).setUserId(userId);
    }
}

package io.duplexer.app.chat;

import io.duplexer.chat.v1.Joined;
import io.duplexer.chat.v1.Left;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.Recovered;
import io.duplexer.chat.v1.Typing;
import java.util.LinkedHashSet;
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
    /** The newest sequence that the tail has brought or a member has found in the history, 0 while there is none. */
    private long head;

    Room(String name) {
        this.name = name;
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
            leave(before);
        } else if (members.remove(before)) {
            membership.succeed(before);
        }
    }

    /** Takes a member out. Returns whether the room is empty now. */
    synchronized boolean leave(Membership membership) {
        if (members.remove(membership)
                && membership.leave()
                && present.merge(membership.userId(), -1, Integer::sum) == 0) {
            present.remove(membership.userId());
            tell(event(membership.userId()).setLeft(Left.getDefaultInstance()).build(), membership);
        }
        return members.isEmpty();
    }

    /** Makes the user present and answers its join. From now on the membership gets events. */
    synchronized void admit(Membership membership, Recovered.Builder answer) {
        if (!members.contains(membership)) {
            return;
        }
        // The tail may have brought the newest messages when nobody was here.
        head = Math.max(head, answer.getSequence());
        if (membership.appear() && present.merge(membership.userId(), 1, Integer::sum) == 1) {
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

    /** A new chat message, from the tail of the history. */
    synchronized void publish(Delivery delivery) {
        head = Math.max(head, delivery.message().getSequence());
        for (var member : members) {
            member.publish(delivery);
        }
    }

    /** Sends an event to every member but the one it comes from. */
    synchronized void tell(Message event, Membership from) {
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

package io.duplexer.app.chat;

import io.duplexer.chat.v1.HistoryPage;
import io.duplexer.chat.v1.Join;
import io.duplexer.chat.v1.Left;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.ReadHistory;
import io.duplexer.chat.v1.ResumePoint;
import io.duplexer.chat.v1.Typing;

/** Messages from and in few words. */
final class Words {
    private Words() {}

    /** Such as {@code #3}, {@code joined ann} or {@code recovered true missed 2 head 5 [ann, bob]}. */
    static String of(Message message) {
        return switch (message.getEventCase()) {
            case EVENT_NOT_SET -> "#" + message.getSequence() + (message.getDuplicate() ? " again" : "");
            case JOINED -> "joined " + message.getUserId();
            case LEFT -> "left " + message.getUserId();
            case TYPING -> "typing " + message.getUserId();
            case REJECTED ->
                "rejected " + message.getRejected().getCode() + " " + message.getId() + ": "
                        + message.getRejected().getReason();
            case RECOVERED -> {
                var recovered = message.getRecovered();
                yield "recovered " + recovered.getRecovered() + " missed " + recovered.getMissed() + " head "
                        + recovered.getSequence() + " " + recovered.getMembersList();
            }
            case JOIN -> "join " + message.getUserId();
            case READ_HISTORY -> "read " + message.getId();
            case HISTORY -> "history " + message.getId() + ": " + of(message.getHistory());
        };
    }

    /** Such as {@code #3 to #7, more} or {@code nothing}. */
    static String of(HistoryPage page) {
        var messages = page.getMessagesList();
        var range =
                messages.isEmpty() ? "nothing" : of(messages.get(0)) + " to " + of(messages.get(messages.size() - 1));
        return range + (page.getMore() ? ", more" : "");
    }

    static Message line(String userId, String room, String id) {
        return Message.newBuilder()
                .setUserId(userId)
                .setRoom(room)
                .setId(id)
                .setContent("content of " + id)
                .build();
    }

    static Message join(String userId, String room) {
        return join(userId, room, Join.getDefaultInstance());
    }

    static Message join(String userId, String room, Join join) {
        return Message.newBuilder()
                .setUserId(userId)
                .setRoom(room)
                .setJoin(join)
                .build();
    }

    static Join newest(int count) {
        return Join.newBuilder().setHistory(count).build();
    }

    static Join resume(String epoch, long sequence) {
        return Join.newBuilder()
                .setResume(ResumePoint.newBuilder().setEpoch(epoch).setSequence(sequence))
                .build();
    }

    static Message readHistory(String room, String id, long before, int limit) {
        return Message.newBuilder()
                .setRoom(room)
                .setId(id)
                .setReadHistory(ReadHistory.newBuilder().setBefore(before).setLimit(limit))
                .build();
    }

    static Message leave(String room) {
        return Message.newBuilder()
                .setRoom(room)
                .setLeft(Left.getDefaultInstance())
                .build();
    }

    static Message typing(String room) {
        return Message.newBuilder()
                .setRoom(room)
                .setTyping(Typing.getDefaultInstance())
                .build();
    }
}

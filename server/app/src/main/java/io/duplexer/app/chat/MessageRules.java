package io.duplexer.app.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.UnknownFieldSet;
import io.duplexer.chat.v1.Message;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** What a message must be before it may be published. Pure: a message in, a complete message or a refusal out. */
final class MessageRules {
    /** Eight times as long as a name may be: whoever sends a longer one has not mistaken a limit. */
    private static final int MAX_ECHOED_CHARS = 8 * ChatLimits.MAX_NAME_BYTES;

    static final String DEFAULT_ROOM = "lobby";

    private static final HexFormat HEX = HexFormat.of();

    private final int maxContentBytes;
    private final InstantSource clock;

    MessageRules(int maxContentBytes, InstantSource clock) {
        this.maxContentBytes = maxContentBytes;
        this.clock = clock;
    }

    /** Returns {@code message} as it goes into the history: its room, id and timestamp filled in. */
    Message check(Message message) {
        return complete(accept(message));
    }

    /** {@link #check} of what {@link #accept} has returned. */
    Message complete(Message.Builder accepted) {
        var now = clock.millis();
        return accepted.setRoom(room(accepted.getRoom()))
                .setId(accepted.getId().isEmpty() ? newId(now) : accepted.getId())
                .setTimestamp(now)
                .build();
    }

    /**
     * Returns what counts of {@code message}, which may be published: not what is the server's to say, and no fields that
     * nobody knows. No rule would hold for them, and they may be as long as a whole gRPC message.
     */
    Message.Builder accept(Message message) {
        requireUserId(message.getUserId());
        requireName("room", message.getRoom());
        requireName("id", message.getId());
        if (message.getEventCase() != Message.EventCase.EVENT_NOT_SET) {
            throw invalid("event", message.getEventCase().name().toLowerCase(java.util.Locale.ROOT), "none");
        }
        var content = message.getContentBytes().size();
        if (content == 0) {
            throw invalid("content", "empty", "1 to " + maxContentBytes + " bytes of UTF-8");
        }
        if (content > maxContentBytes) {
            throw invalid("content", content + " bytes", "1 to " + maxContentBytes + " bytes of UTF-8");
        }
        return message.toBuilder()
                .clearTimestamp()
                .clearSequence()
                .clearPreviousSequence()
                .clearDuplicate()
                .setUnknownFields(UnknownFieldSet.getDefaultInstance());
    }

    /**
     * What tells a client which of its messages is meant, wrong names included. It may wait to be read: what is far too
     * long for a name is left out.
     */
    static Message.Builder address(Message message) {
        return Message.newBuilder()
                .setId(nameOrNone(message.getId()))
                .setUserId(nameOrNone(message.getUserId()))
                .setRoom(nameOrNone(room(message.getRoom())));
    }

    private static String nameOrNone(String value) {
        return value.length() <= MAX_ECHOED_CHARS ? value : "";
    }

    static void requireUserId(String userId) {
        if (userId.isEmpty()) {
            throw invalid("user_id", "empty", "1 to " + ChatLimits.MAX_NAME_BYTES + " bytes of UTF-8");
        }
        requireName("user_id", userId);
    }

    static void requireName(String field, String value) {
        // A char is at least one byte of UTF-8: a long string is refused before it is encoded.
        if (value.length() > ChatLimits.MAX_NAME_BYTES || value.getBytes(UTF_8).length > ChatLimits.MAX_NAME_BYTES) {
            throw invalid(
                    field,
                    value.getBytes(UTF_8).length + " bytes",
                    "at most " + ChatLimits.MAX_NAME_BYTES + " bytes of UTF-8");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw invalid(field, "has a control character", "none");
        }
    }

    static String room(String room) {
        return room.isEmpty() ? DEFAULT_ROOM : room;
    }

    static ChatException invalid(String field, String value, String expected) {
        return new ChatException(Problem.INVALID_ARGUMENT, field + ": " + value + " (expected: " + expected + ")");
    }

    /**
     * The time in milliseconds, 48 bits, and 80 random ones, in hexadecimal. That ids ascend keeps the history's index of
     * them together; they need not be unguessable.
     */
    private static String newId(long millis) {
        var random = ThreadLocalRandom.current();
        return HEX.toHexDigits(millis, 12) + HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextInt(), 4);
    }
}

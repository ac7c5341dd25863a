package io.duplexer.app.chat;

import io.duplexer.chat.v1.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One message on its way to many subscribers; each encoding of it is made once, by the first who asks. */
public final class Delivery {
    private final Message message;
    private final Map<Encoding<?>, Object> encoded = new ConcurrentHashMap<>(2);

    Delivery(Message message) {
        this.message = message;
    }

    /** A form that messages are sent in. Two deliveries in one encoding need the same object. */
    @FunctionalInterface
    public interface Encoding<T> {
        T encode(Message message);
    }

    public Message message() {
        return message;
    }

    /** About the memory that the message takes while it is queued: bytes of its protobuf encoding. */
    public int bytes() {
        return message.getSerializedSize();
    }

    @SuppressWarnings("unchecked") // The map holds under each encoding what that encoding made.
    public <T> T as(Encoding<T> encoding) {
        var made = encoded.get(encoding);
        return (T) (made != null ? made : encoded.computeIfAbsent(encoding, e -> e.encode(message)));
    }
}

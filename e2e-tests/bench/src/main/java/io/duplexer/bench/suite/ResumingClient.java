package io.duplexer.bench.suite;

import com.google.protobuf.InvalidProtocolBufferException;
import io.duplexer.bench.load.Client;
import io.duplexer.bench.load.MessageListener;
import io.duplexer.chat.v1.Message;
import io.duplexer.chat.v1.ResumePoint;
import java.nio.ByteBuffer;

/** Looks at all that it gets, and fails if that is not exactly what it missed. */
final class ResumingClient implements MessageListener {
    private final long missed;
    private final long head;
    private boolean answered;
    private long last;

    /**
     * A client that comes back.
     *
     * @param from where it was
     * @param head where the room is
     */
    ResumingClient(ResumePoint from, long head) {
        this.head = head;
        last = from.getSequence();
        missed = head - last;
    }

    static Message parse(ByteBuffer in, int offset, int length) {
        try {
            return Message.parseFrom(in.slice(offset, length));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isComplete() {
        return last == head;
    }

    @Override
    public void onMessage(Client client, ByteBuffer buffer, int offset, int length) {
        Message message = parse(buffer, offset, length);
        if (message.hasRecovered()) {
            answered = message.getRecovered().getRecovered()
                    && message.getRecovered().getMissed() == missed;
            require(answered, message);
        } else if (message.getEventCase() == Message.EventCase.EVENT_NOT_SET) {
            require(answered && message.getPreviousSequence() == last, message);
            last = message.getSequence();
        }
    }

    private void require(boolean fits, Message message) {
        if (!fits) {
            throw new IllegalStateException("after sequence " + last + " of " + head + " comes " + message);
        }
    }
}

package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The bytes of a request's body, pulled one buffer at a time: what is not asked for stays with Armeria, which stops
 * reading from the connection when enough has gathered. Used on the event loop only.
 */
final class InboundStream implements Subscriber<HttpObject> {
    private final Runnable onReadable;
    private @Nullable Subscription subscription;
    private @Nullable HttpData data;
    /** The one view of {@link #data}: {@code byteBuf()} makes another, with its own indices, on each call. */
    private @Nullable ByteBuf unread;

    private long receivedBytes;
    private boolean ended;
    private boolean draining;

    /** @param onReadable run when, after {@link #request()}, there are bytes or the end */
    InboundStream(Runnable onReadable) {
        this.onReadable = onReadable;
    }

    /** All bytes that have come in so far. */
    long receivedBytes() {
        return receivedBytes;
    }

    boolean isEnded() {
        return ended;
    }

    /** Asks for more bytes, all earlier ones having been read. */
    void request() {
        if (ended) {
            onReadable.run();
        } else if (subscription != null) {
            subscription.request(1);
        }
    }

    /** What has come and was not read; null if there is nothing now. */
    @Nullable
    ByteBuf bytes() {
        return unread;
    }

    /** Lets go of {@link #bytes()} if all of it was read. */
    void releaseIfRead() {
        if (unread != null && !unread.isReadable()) {
            releaseData();
        }
    }

    /** Reads and drops everything from now on. */
    void drain() {
        draining = true;
        releaseData();
        if (subscription != null) {
            subscription.request(Long.MAX_VALUE);
        }
    }

    /** Wants nothing any more. */
    void cancel() {
        draining = true;
        releaseData();
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void onSubscribe(Subscription newSubscription) {
        subscription = newSubscription;
        if (draining) {
            newSubscription.cancel();
        }
    }

    @Override
    public void onNext(HttpObject object) {
        if (!(object instanceof HttpData next)) {
            request();
            return;
        }
        receivedBytes += next.length();
        if (draining || next.isEmpty()) {
            next.close();
            if (!draining) {
                request();
            }
            return;
        }
        data = next;
        unread = next.byteBuf();
        onReadable.run();
    }

    @Override
    public void onError(Throwable cause) {
        end();
    }

    @Override
    public void onComplete() {
        end();
    }

    private void end() {
        if (!ended) {
            ended = true;
            onReadable.run();
        }
    }

    private void releaseData() {
        unread = null;
        if (data != null) {
            data.close();
            data = null;
        }
    }
}

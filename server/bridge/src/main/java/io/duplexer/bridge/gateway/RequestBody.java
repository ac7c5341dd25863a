package io.duplexer.bridge.gateway;

import com.linecorp.armeria.common.ByteBufAccessMode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import io.duplexer.bridge.grpc.Base64Stream;
import io.duplexer.bridge.grpc.FrameScanner;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The frames of a request on their way to an upstream: decoded if they are text, held to the limit of a message, asked for
 * only as fast as the upstream takes them.
 *
 * <p>It is gathered from the beginning of the call on, up to a limit, so that a short request is {@link #whole()} before it
 * is sent. An attempt that no upstream has processed can be made again, with another subscriber, as long as {@link
 * #canRepeat()}: what was sent until then is kept for it, up to the same limit.
 *
 * <p>Everything runs on the event loop of the call.
 */
final class RequestBody implements Publisher<HttpObject>, Subscriber<HttpObject> {
    /** Most requests are one message, and most messages are far smaller. */
    static final int MAX_KEPT_BYTES = 64 * 1024;

    /** What is wrong with a request. */
    interface ProblemListener {
        void onProblem(FrameScanner.Problem problem);

        /** It should have been text, and is not. */
        void onBadText();
    }

    private final HttpRequest request;
    private final EventLoop loop;
    private final FrameScanner frames;
    private final @Nullable Base64Stream text;
    private final ProblemListener listener;

    /** What has come and is kept for another attempt, or has not been sent yet. */
    private final List<HttpData> buffer = new ArrayList<>(1);

    private int keptBytes;
    private boolean keeping = true;
    /** Nobody has asked for it yet. */
    private boolean gathering;

    private @Nullable Attempt attempt;
    private @Nullable Subscription source;
    private boolean subscribed;
    private boolean awaiting;
    private boolean ended;
    private @Nullable Throwable failure;
    private boolean draining;

    RequestBody(HttpRequest request, EventLoop loop, boolean isText, long maxMessageBytes, ProblemListener listener) {
        this.request = request;
        this.loop = loop;
        this.listener = listener;
        frames = FrameScanner.ofMessages(maxMessageBytes);
        text = isText ? new Base64Stream() : null;
    }

    /** Begins to read it, before there is a subscriber. */
    void gather() {
        gathering = true;
        await();
    }

    /** All of it, if it is here and all of it is kept; or else null, and it has to be subscribed to. */
    @Nullable
    HttpData whole() {
        if (!ended || failure != null || !keeping) {
            return null;
        }
        gathering = false;
        return switch (buffer.size()) {
            case 0 -> HttpData.empty();
            case 1 -> copy(buffer.get(0));
            default -> joined();
        };
    }

    private HttpData joined() {
        var bytes = ByteBuffer.allocate(keptBytes);
        buffer.forEach(data -> bytes.put(data.array()));
        return HttpData.wrap(bytes.array());
    }

    /** One subscriber at a time: of the attempt that is being made. */
    @Override
    public void subscribe(Subscriber<? super HttpObject> subscriber) {
        subscriber.onSubscribe(new Attempt(subscriber));
    }

    /** Whether an attempt that comes now is given everything from the beginning. */
    boolean canRepeat() {
        return keeping && !draining;
    }

    /** There will be no other attempt: what has been sent is not needed any more. */
    void stopKeeping() {
        if (!keeping) {
            return;
        }
        keeping = false;
        if (attempt != null) {
            var sent = buffer.subList(0, attempt.next);
            sent.forEach(HttpData::close);
            sent.clear();
            attempt.next = 0;
        } else if (!gathering) {
            release();
        }
    }

    private void release() {
        buffer.forEach(HttpData::close);
        buffer.clear();
    }

    /** The call is over: what the client still sends is dropped until its stream is closed. */
    void drain() {
        keeping = false;
        draining = true;
        attempt = null;
        release();
        if (source != null) {
            source.request(Long.MAX_VALUE);
        }
    }

    private void await() {
        if (awaiting || ended) {
            return;
        }
        awaiting = true;
        if (source != null) {
            source.request(1);
        } else if (!subscribed) {
            subscribed = true;
            request.subscribe(this, loop, SubscriptionOption.WITH_POOLED_OBJECTS);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        source = subscription;
        subscription.request(draining ? Long.MAX_VALUE : 1);
    }

    @Override
    public void onNext(HttpObject object) {
        awaiting = false;
        if (!(object instanceof HttpData received)) {
            await(); // Trailers, which a gRPC request does not have.
            return;
        }
        if (draining) {
            received.close();
            return;
        }
        var data = decode(received);
        if (data == null) {
            return;
        }
        if (data.isEmpty()) {
            data.close();
            await();
            return;
        }
        frames.accept(data.byteBuf());
        var problem = frames.problem();
        if (problem != null) {
            data.close();
            listener.onProblem(problem);
            return;
        }
        if (attempt == null && !keeping) {
            data.close();
            return;
        }
        buffer.add(data);
        keptBytes += data.length();
        if (keptBytes > MAX_KEPT_BYTES) {
            stopKeeping();
        }
        if (attempt != null) {
            attempt.proceed();
        } else if (gathering && keeping) {
            await();
        }
    }

    private @Nullable HttpData decode(HttpData data) {
        if (text == null) {
            return data; // The last one may say so, which saves a frame of its own for the end.
        }
        try (data) {
            return HttpData.wrap(text.decode(data.array()));
        } catch (IllegalArgumentException e) {
            listener.onBadText();
            return null;
        }
    }

    /** The same bytes, released on their own. */
    private static HttpData copy(HttpData data) {
        return data.isPooled()
                ? HttpData.wrap(data.byteBuf(ByteBufAccessMode.RETAINED_DUPLICATE))
                        .withEndOfStream(data.isEndOfStream())
                : data;
    }

    @Override
    public void onError(Throwable cause) {
        failure = cause;
        end();
    }

    @Override
    public void onComplete() {
        if (text != null && !text.atGroupEnd() && !draining) {
            listener.onBadText();
        }
        end();
    }

    private void end() {
        ended = true;
        if (attempt != null) {
            attempt.proceed();
        }
    }

    /** The body as one attempt gets it: what was kept, then what comes. */
    private final class Attempt implements Subscription {
        private final Subscriber<? super HttpObject> subscriber;
        private long demand;
        /** What of the buffer it has not been sent. */
        private int next;

        private boolean over;

        Attempt(Subscriber<? super HttpObject> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (!loop.inEventLoop()) {
                loop.execute(() -> request(n));
            } else if (!over && !draining) {
                gathering = false;
                attempt = this;
                demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
                proceed();
            }
        }

        private void proceed() {
            while (demand > 0 && next < buffer.size() && !over) {
                demand--;
                subscriber.onNext(keeping ? copy(buffer.get(next++)) : buffer.remove(0));
            }
            if (over || draining || next < buffer.size()) {
                return;
            }
            if (!ended) {
                if (demand > 0) {
                    await();
                }
            } else if (failure == null) {
                over = true;
                subscriber.onComplete();
            } else {
                over = true;
                subscriber.onError(failure);
            }
        }

        @Override
        public void cancel() {
            if (!loop.inEventLoop()) {
                loop.execute(this::cancel);
                return;
            }
            over = true;
            if (attempt == this) {
                attempt = null;
            }
        }
    }
}

package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.stream.SubscriptionOption;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * What a tunnel's target sends, on its way to the client: bytes as they are, and as fast as the client takes them. It
 * follows where frames end, so that a Close frame of this side's own can come after a whole one.
 *
 * <p>Everything happens on the event loop of the request, but for what is said to be called from any thread.
 */
final class TunnelledResponse implements Subscriber<HttpObject> {
    private final EventLoop loop;
    private final HttpResponseWriter client = HttpResponse.streaming();
    private final FrameBoundaries frames = new FrameBoundaries();

    private @Nullable Subscription target;
    private boolean opened;
    private boolean goingAway;

    private TunnelledResponse(EventLoop loop) {
        this.loop = loop;
    }

    /** Starts to hand on what the target answers. */
    static TunnelledResponse of(ServiceRequestContext ctx, HttpResponse answer) {
        var response = new TunnelledResponse(ctx.eventLoop().withoutContext());
        answer.subscribe(response, response.loop, SubscriptionOption.WITH_POOLED_OBJECTS);
        return response;
    }

    /** What the client gets. */
    HttpResponse toClient() {
        return client;
    }

    /**
     * Closes with {@link CloseStatus#GOING_AWAY} when the frame that is on its way has passed. To the target the client is
     * lost, as it would be without this. From any thread.
     */
    void goAway() {
        loop.execute(() -> {
            goingAway = true;
            leaveBetweenFrames();
        });
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        target = subscription;
        var unused = client.whenComplete().handle((done, cause) -> {
            subscription.cancel(); // The client is gone, if it is not the target that has ended.
            return null;
        });
        subscription.request(1);
    }

    @Override
    public void onNext(HttpObject object) {
        if (object instanceof ResponseHeaders headers) {
            opened = headers.status().equals(HttpStatus.SWITCHING_PROTOCOLS)
                    || headers.status().equals(HttpStatus.OK);
        }
        handOn(object instanceof HttpData data ? followed(data) : object);
        leaveBetweenFrames();
    }

    @Override
    public void onError(Throwable cause) {
        client.close(cause);
    }

    @Override
    public void onComplete() {
        client.close();
    }

    /** The data, or what of it may still pass. */
    private HttpData followed(HttpData data) {
        var bytes = data.byteBuf().nioBuffer();
        if (!goingAway || !opened) {
            follow(bytes, 0, bytes.limit());
            return data;
        }
        var end = 0;
        while (end < bytes.limit() && !frames.atFrameEnd()) {
            follow(bytes, end, ++end);
        }
        try (data) {
            return HttpData.copyOf(data.array(), 0, end);
        }
    }

    private void follow(ByteBuffer bytes, int from, int to) {
        if (opened) {
            frames.follow(bytes, from, to);
        }
    }

    private void handOn(HttpObject object) {
        if (!client.tryWrite(object)) {
            return; // It has released the data.
        }
        var unused = client.whenConsumed().thenRun(() -> {
            if (target != null) {
                target.request(1);
            }
        });
    }

    private void leaveBetweenFrames() {
        if (goingAway && opened && frames.atFrameEnd() && client.tryWrite(closeFrame(CloseStatus.GOING_AWAY))) {
            client.close();
        }
    }

    private static HttpData closeFrame(CloseStatus status) {
        var payload = status.toJetty().toFrame().getPayload();
        var header = FrameEncoder.header(OpCode.CLOSE, payload.remaining());
        return HttpData.wrap(ByteBuffer.allocate(header.length + payload.remaining())
                .put(header)
                .put(payload)
                .array());
    }
}

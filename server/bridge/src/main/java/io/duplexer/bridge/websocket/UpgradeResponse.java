package io.duplexer.bridge.websocket;

import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The response to an upgrade over HTTP/1.1: its headers, and then nothing until it ends. Armeria's own stream would do,
 * but has a queue that takes 700 bytes of every idle connection. Used on the event loop only, once it is served.
 */
final class UpgradeResponse implements Publisher<HttpObject>, Subscription {
    private final HttpResponse response = HttpResponse.of(this);
    private @Nullable ResponseHeaders headers;
    private @Nullable Subscriber<? super HttpObject> subscriber;

    UpgradeResponse(ResponseHeaders headers) {
        this.headers = headers;
    }

    /** What Armeria is to serve. */
    HttpResponse asHttpResponse() {
        return response;
    }

    /** This was all. Idempotent. */
    void end() {
        Subscriber<? super HttpObject> last = subscriber;
        subscriber = null;
        if (last != null) {
            last.onComplete();
        }
    }

    @Override
    public void subscribe(Subscriber<? super HttpObject> newSubscriber) {
        subscriber = newSubscriber;
        newSubscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        ResponseHeaders first = headers;
        headers = null;
        if (first != null && subscriber != null) {
            subscriber.onNext(first);
        }
    }

    @Override
    public void cancel() {
        subscriber = null;
    }
}

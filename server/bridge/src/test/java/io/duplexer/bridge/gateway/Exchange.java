package io.duplexer.bridge.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.CommonPools;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import io.duplexer.bridge.grpc.Base64Stream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A call as a client without any library for gRPC makes it, and sees it: headers, bytes, trailers. */
final class Exchange {
    private static final int PATIENCE_SECONDS = 10;
    private static final Object END = new Object();

    private final boolean isText;
    private final HttpRequestWriter request;
    private final HttpResponse response;
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private volatile @Nullable Subscription subscription;

    private Exchange(boolean isText, HttpRequestWriter request, HttpResponse response) {
        this.isText = isText;
        this.request = request;
        this.response = response;
    }

    /** @param headers names and values */
    static Exchange start(WebClient client, String contentType, String... headers) {
        var builder = RequestHeaders.builder(HttpMethod.POST, "/a.B/C").set("content-type", contentType);
        for (var i = 0; i < headers.length; i += 2) {
            builder.add(headers[i], headers[i + 1]);
        }
        var request = HttpRequest.streaming(builder.build());
        return new Exchange(contentType.endsWith("text"), request, client.execute(request));
    }

    /** A gRPC frame. */
    static byte[] frame(String message) {
        return frame(message.getBytes(UTF_8));
    }

    static byte[] frame(byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** gRPC-Web's frame of trailers. */
    static byte[] trailersFrame(String trailers) {
        var block = trailers.getBytes(UTF_8);
        return ByteBuffer.allocate(5 + block.length)
                .put((byte) 0x80)
                .putInt(block.length)
                .put(block)
                .array();
    }

    static byte[] concat(byte[]... parts) {
        var joined = new ByteArrayOutputStream();
        for (var part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    /** Does nothing if the call has been answered already. */
    @SuppressWarnings("CheckReturnValue")
    Exchange send(byte[] bytes) {
        request.tryWrite(HttpData.wrap(bytes));
        return this;
    }

    Exchange end() {
        request.close();
        return this;
    }

    HttpRequestWriter request() {
        return request;
    }

    /** Starts reading, with that much demand. */
    Exchange read(long demand) {
        response.subscribe(
                new Subscriber<HttpObject>() {
                    @Override
                    public void onSubscribe(Subscription newSubscription) {
                        subscription = newSubscription;
                        newSubscription.request(demand);
                    }

                    @Override
                    public void onNext(HttpObject object) {
                        received.add(object);
                    }

                    @Override
                    public void onError(Throwable cause) {
                        received.add(cause);
                    }

                    @Override
                    public void onComplete() {
                        received.add(END);
                    }
                },
                CommonPools.workerGroup().next());
        return this;
    }

    /** Reads and counts the bytes of the body, of which none is kept; the end has to be a regular one with status 0. */
    long drain() {
        var bytes = new AtomicLong();
        var status = new CompletableFuture<String>();
        var done = response.peek(object -> {
                    if (object instanceof HttpData data) {
                        bytes.addAndGet(data.length());
                    } else if (object instanceof HttpHeaders headers && headers.contains("grpc-status")) {
                        status.complete(headers.get("grpc-status", ""));
                    }
                })
                .subscribe();
        done.orTimeout(180, TimeUnit.SECONDS).join();
        assertThat(status).isCompletedWithValue("0");
        return bytes.get();
    }

    Exchange read() {
        return read(Long.MAX_VALUE);
    }

    void readMore(long demand) {
        if (subscription == null) {
            throw new IllegalStateException("not reading");
        }
        subscription.request(demand);
    }

    /** The client gives the call up. */
    void cancel() {
        response.abort();
        request.abort();
    }

    private Object next() {
        try {
            var next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("the next part of the response").isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    ResponseHeaders headers() {
        return as(ResponseHeaders.class, next());
    }

    /** The next bytes, as they come. */
    byte[] data() {
        return as(HttpData.class, next()).array();
    }

    HttpHeaders trailers() {
        return as(HttpHeaders.class, next());
    }

    Throwable failure() {
        return as(Throwable.class, next());
    }

    void assertEnd() {
        assertThat(next()).isSameAs(END);
    }

    /** All bytes until the end, which has to be a regular one. */
    byte[] rest() {
        var bytes = new ByteArrayOutputStream();
        for (var next = next(); next != END; next = next()) {
            bytes.writeBytes(as(HttpData.class, next).array());
        }
        return bytes.toByteArray();
    }

    /** Of a call that ends in some way, whatever comes before: the status in headers, trailers or the last frame. */
    String status() {
        var bytes = new ByteArrayOutputStream();
        var status = "none";
        for (var next = next(); next != END; next = next()) {
            if (next instanceof HttpHeaders headers) {
                status = headers.get("grpc-status") == null ? status : status(headers);
            } else if (next instanceof HttpData data) {
                bytes.writeBytes(data.array());
            } else {
                return "broken off";
            }
        }
        var body = new String(isText ? new Base64Stream().decode(bytes.toByteArray()) : bytes.toByteArray(), UTF_8);
        var inBody = body.lastIndexOf("grpc-status: ");
        return inBody < 0
                ? status
                : body.substring(inBody + "grpc-status: ".length())
                        .replaceAll("\r\n(grpc-message: )?", " ")
                        .strip();
    }

    private static String status(HttpHeaders headers) {
        return (headers.get("grpc-status") + " " + headers.get("grpc-message", "")).strip();
    }

    private static <T> T as(Class<T> type, Object object) {
        assertThat(object).isInstanceOf(type);
        return type.cast(object);
    }
}

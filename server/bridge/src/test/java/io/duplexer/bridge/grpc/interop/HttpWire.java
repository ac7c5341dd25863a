package io.duplexer.bridge.grpc.interop;

import com.linecorp.armeria.client.ResponseTimeoutMode;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** gRPC-Web over HTTP/2. */
final class HttpWire implements Wire {
    private final WebClient client;
    private final EventLoop loop;
    private @Nullable HttpRequestWriter request;
    private @Nullable Subscription response;

    HttpWire(int port, EventLoop loop) {
        this.loop = loop;
        client = WebClient.builder("h2c://127.0.0.1:" + port)
                .responseTimeoutMode(ResponseTimeoutMode.CONNECTION_ACQUIRED)
                .responseTimeoutMillis(0)
                .writeTimeoutMillis(0)
                .maxResponseLength(0)
                .build();
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void start(String path, Iterable<Map.Entry<String, String>> headers, Listener listener) {
        RequestHeadersBuilder builder = RequestHeaders.builder(HttpMethod.POST, path);
        headers.forEach(header -> builder.add(header.getKey(), header.getValue()));
        request = HttpRequest.streaming(builder.build());
        client.execute(request).subscribe(new Inbound(listener), loop);
    }

    private HttpRequestWriter request() {
        if (request == null) {
            throw new IllegalStateException("not started");
        }
        return request;
    }

    @Override
    public void send(byte[] frames, Runnable onSent) {
        if (request().tryWrite(HttpData.wrap(frames))) {
            var unused = request().whenConsumed().thenRunAsync(onSent, loop);
        }
    }

    @Override
    public void halfClose() {
        request().close();
    }

    @Override
    public void cancel() {
        if (response != null) {
            response.cancel();
        }
        request().abort();
    }

    private final class Inbound implements Subscriber<HttpObject> {
        private final Listener listener;
        private final GrpcWebReader reader;

        Inbound(Listener listener) {
            this.listener = listener;
            reader = new GrpcWebReader(listener);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            response = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(HttpObject object) {
            if (object instanceof HttpData data) {
                reader.read(data.array());
            } else if (object instanceof ResponseHeaders headers) {
                listener.onBlock(metadata(headers));
            }
        }

        private static Metadata metadata(HttpHeaders headers) {
            List<byte[]> namesAndValues = new ArrayList<>();
            headers.forEach((name, value) -> {
                if (!name.startsWith(":")) {
                    GrpcWebReader.add(namesAndValues, name.toString(), value);
                }
            });
            return InternalMetadata.newMetadata(namesAndValues.toArray(byte[][]::new));
        }

        @Override
        public void onError(Throwable cause) {
            listener.onEnd();
        }

        @Override
        public void onComplete() {
            listener.onEnd();
        }
    }
}

package io.duplexer.app.transport;

import com.linecorp.armeria.common.FilteredHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.duplexer.app.chat.Delivery;
import io.duplexer.chat.v1.Message;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AttributeKey;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call send frames that were encoded before, many at once. gRPC's own interfaces take one message at a time, and
 * encode it for each call. So the call sends one empty message for a batch of frames, and on its way out, where it is bytes,
 * the batch takes its place:
 *
 * <pre>
 * call:      empty message      ...   empty message  ...  trailers
 * response:  frame frame frame  ...   frame          ...  trailers
 * </pre>
 *
 * <p>Order, flow control and the end of the call stay with Armeria. To be the innermost decorator of a {@link GrpcService}.
 */
public final class ReadyFrames extends SimpleDecoratingHttpService {
    private static final AttributeKey<Batches> KEY = AttributeKey.valueOf(ReadyFrames.class, "KEY");
    private static final int PREFIX_BYTES = 5;

    /** A message behind the prefix of an uncompressed gRPC frame. */
    static final Delivery.Encoding<byte[]> FRAME = message -> {
        var bytes = message.getSerializedSize();
        var frame = ByteBuffer.allocate(PREFIX_BYTES + bytes).put((byte) 0).putInt(bytes);
        return frame.put(message.toByteArray()).array();
    };

    private final GrpcService service;

    private ReadyFrames(HttpService delegate) {
        super(delegate);
        var grpc = delegate.as(GrpcService.class);
        if (grpc == null) {
            throw new IllegalArgumentException("delegate: " + delegate + " (expected: a GrpcService)");
        }
        service = grpc;
    }

    public static Function<? super HttpService, ReadyFrames> newDecorator() {
        return ReadyFrames::new;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        if (!isStreamOfFrames(ctx, request)) {
            return unwrap().serve(ctx, request);
        }
        var batches = new Batches(ctx.alloc());
        ctx.setAttr(KEY, batches);
        return new Replacing(unwrap().serve(ctx, request), batches);
    }

    /** In base64 and in JSON a message has other bytes. */
    private boolean isStreamOfFrames(ServiceRequestContext ctx, HttpRequest request) {
        var method = service.methodDefinition(ctx);
        var contentType = request.contentType();
        return method != null
                && !method.getMethodDescriptor().getType().serverSendsOneMessage()
                && contentType != null
                && (GrpcSerializationFormats.PROTO.isAccepted(contentType)
                        || GrpcSerializationFormats.PROTO_WEB.isAccepted(contentType));
    }

    /** What the call of this context sends its frames by; null if it cannot. */
    static @Nullable Batches of(ServiceRequestContext ctx) {
        return ctx.attr(KEY);
    }

    /** The batches of one call that are on their way. */
    static final class Batches {
        private final ByteBufAllocator alloc;
        private final Queue<List<byte[]>> sent = new ConcurrentLinkedQueue<>();

        private Batches(ByteBufAllocator alloc) {
            this.alloc = alloc;
        }

        /** Sends the frames as if each were a message of the call. */
        void send(List<byte[]> frames, StreamObserver<Message> call) {
            sent.add(frames);
            call.onNext(Message.getDefaultInstance());
        }

        private HttpObject replace(HttpData data) {
            var frames = sent.poll();
            if (frames == null) {
                return data; // The trailers of gRPC-Web.
            }
            data.close();
            var bytes = 0;
            for (var frame : frames) {
                bytes += frame.length;
            }
            var batch = alloc.buffer(bytes);
            for (var frame : frames) {
                batch.writeBytes(frame);
            }
            return HttpData.wrap(batch);
        }
    }

    private static final class Replacing extends FilteredHttpResponse {
        private final Batches batches;

        Replacing(HttpResponse response, Batches batches) {
            super(response, true);
            this.batches = batches;
        }

        @Override
        protected HttpObject filter(HttpObject object) {
            return object instanceof HttpData data ? batches.replace(data) : object;
        }
    }
}

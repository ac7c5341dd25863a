package io.duplexer.bridge.grpc.interop;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.InternalMetadata;
import io.grpc.InternalStatus;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.internal.AbstractClientStream;
import io.grpc.internal.GrpcUtil;
import io.grpc.internal.Http2ClientStreamTransportState;
import io.grpc.internal.ReadableBuffers;
import io.grpc.internal.StatsTraceContext;
import io.grpc.internal.TransportTracer;
import io.grpc.internal.WritableBuffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of grpc-java's own client machinery, deadlines, tracers and all, over a {@link Wire}. Its state is used on the
 * wire's event loop.
 */
final class WebStream extends AbstractClientStream {
    private static final Metadata.Key<String> STATUS =
            InternalMetadata.keyOf(":status", Metadata.ASCII_STRING_MARSHALLER);

    private final Wire wire;
    private final String path;
    private final Attributes attributes;
    private final Runnable onEnd;
    private final State state;
    private final Metadata headers;
    private final StatsTraceContext stats;
    private final Outbound outbound = new Outbound();

    WebStream(
            Wire wire,
            MethodDescriptor<?, ?> method,
            Metadata headers,
            CallOptions options,
            StatsTraceContext stats,
            TransportTracer tracer,
            Attributes attributes,
            Runnable onEnd) {
        super(capacity -> new Buffer(), stats, tracer, headers, options, false);
        this.wire = wire;
        this.headers = headers;
        this.stats = stats;
        this.attributes = attributes;
        this.onEnd = onEnd;
        path = "/" + method.getFullMethodName();
        state = new State(stats, tracer, options);
    }

    @Override
    protected State transportState() {
        return state;
    }

    @Override
    protected Sink abstractClientStreamSink() {
        return outbound;
    }

    @Override
    public void setAuthority(String authority) {}

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    private List<Map.Entry<String, String>> headersToSend() {
        headers.discardAll(GrpcUtil.CONTENT_TYPE_KEY);
        headers.discardAll(GrpcUtil.TE_HEADER);
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        lines.add(Map.entry("content-type", "application/grpc-web+proto"));
        lines.add(Map.entry("x-grpc-web", "1"));
        byte[][] serialized = InternalMetadata.serialize(headers);
        for (int i = 0; i < serialized.length; i += 2) {
            String name = new String(serialized[i], StandardCharsets.US_ASCII);
            String value = name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
                    ? Base64.getEncoder().encodeToString(serialized[i + 1])
                    : new String(serialized[i + 1], StandardCharsets.US_ASCII);
            lines.add(Map.entry(name, value));
        }
        return lines;
    }

    private final class Outbound implements Sink {
        @Override
        public void writeHeaders(Metadata metadata, byte @Nullable [] payload) {
            List<Map.Entry<String, String>> lines = headersToSend();
            stats.clientOutboundHeaders();
            state.runOnTransportThread(() -> {
                state.allocated();
                wire.start(path, lines, state);
            });
        }

        @Override
        public void writeFrame(@Nullable WritableBuffer frame, boolean endOfStream, boolean flush, int messages) {
            byte[] bytes = frame == null ? new byte[0] : ((Buffer) frame).bytes.toByteArray();
            onSendingBytes(bytes.length);
            state.runOnTransportThread(() -> {
                if (bytes.length > 0) {
                    getTransportTracer().reportMessageSent(messages);
                    wire.send(bytes, () -> state.onSentBytes(bytes.length));
                }
                if (endOfStream) {
                    wire.halfClose();
                }
            });
        }

        @Override
        public void cancel(Status reason) {
            state.runOnTransportThread(() -> state.cancelled(reason));
        }
    }

    private final class State extends Http2ClientStreamTransportState implements Wire.Listener {
        private boolean headersSeen;
        private boolean ended;

        State(StatsTraceContext stats, TransportTracer tracer, CallOptions options) {
            super(GrpcUtil.DEFAULT_MAX_MESSAGE_SIZE, stats, tracer, options);
        }

        void allocated() {
            onStreamAllocated();
        }

        /** Headers of WebSocket and gRPC-Web say neither 200 nor application/grpc, which the base class insists on. */
        @Override
        public void onBlock(Metadata block) {
            if (ended) {
                return;
            }
            boolean trailers = block.containsKey(InternalStatus.CODE_KEY);
            if (!headersSeen) {
                headersSeen = true;
                block.put(STATUS, "200");
                block.discardAll(GrpcUtil.CONTENT_TYPE_KEY);
                block.put(GrpcUtil.CONTENT_TYPE_KEY, "application/grpc");
            }
            if (trailers) {
                ended = true;
                transportTrailersReceived(block);
            } else {
                transportHeadersReceived(block);
            }
        }

        @Override
        public void onData(byte[] bytes, int offset, int length) {
            if (!ended) {
                transportDataReceived(ReadableBuffers.wrap(bytes.clone(), offset, length), false);
            }
        }

        @Override
        public void onEnd() {
            if (!ended) {
                ended = true;
                transportReportStatus(
                        Status.UNAVAILABLE.withDescription("the connection ended without a status"),
                        true,
                        new Metadata());
            }
        }

        void cancelled(Status reason) {
            ended = true;
            wire.cancel();
            transportReportStatus(reason, true, new Metadata());
        }

        @Override
        protected void http2ProcessingFailed(Status status, boolean stopDelivery, Metadata trailers) {
            ended = true;
            wire.cancel();
            transportReportStatus(status, stopDelivery, trailers);
        }

        @Override
        public void deframerClosed(boolean hasPartialMessage) {
            super.deframerClosed(hasPartialMessage);
            onEnd.run();
        }

        @Override
        public void deframeFailed(Throwable cause) {
            http2ProcessingFailed(Status.fromThrowable(cause), true, new Metadata());
        }

        @Override
        public void bytesRead(int bytes) {}

        @Override
        public void runOnTransportThread(Runnable action) {
            if (wire.loop().inEventLoop()) {
                action.run();
            } else {
                wire.loop().execute(action);
            }
        }
    }

    private static final class Buffer implements WritableBuffer {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(byte[] source, int offset, int length) {
            bytes.write(source, offset, length);
        }

        @Override
        public void write(byte value) {
            bytes.write(value);
        }

        @Override
        public int writableBytes() {
            return Integer.MAX_VALUE - bytes.size();
        }

        @Override
        public int readableBytes() {
            return bytes.size();
        }

        @Override
        public void release() {}
    }
}

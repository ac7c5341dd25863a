package io.duplexer.bridge.grpc.interop;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.linecorp.armeria.common.CommonPools;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ChannelLogger;
import io.grpc.ClientStreamTracer;
import io.grpc.Grpc;
import io.grpc.InternalChannelz;
import io.grpc.InternalLogId;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.internal.ClientStream;
import io.grpc.internal.ClientTransportFactory;
import io.grpc.internal.ConnectionClientTransport;
import io.grpc.internal.GrpcUtil;
import io.grpc.internal.ManagedChannelImplBuilder;
import io.grpc.internal.SharedResourceHolder;
import io.grpc.internal.SimpleDisconnectError;
import io.grpc.internal.StatsTraceContext;
import io.grpc.internal.TransportTracer;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** grpc-java's own channel over {@link Wire}s, one for each call. */
final class WebChannel {
    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private WebChannel() {}

    static ManagedChannelBuilder<?> builder(int port, Function<EventLoop, Wire> wires) {
        SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new ManagedChannelImplBuilder(address, "127.0.0.1:" + port, () -> new Factory(wires), () -> port);
    }

    private static final class Factory implements ClientTransportFactory {
        private final Function<EventLoop, Wire> wires;
        private final ScheduledExecutorService timer = SharedResourceHolder.get(GrpcUtil.TIMER_SERVICE);

        Factory(Function<EventLoop, Wire> wires) {
            this.wires = wires;
        }

        @Override
        public ConnectionClientTransport newClientTransport(
                SocketAddress address, ClientTransportOptions options, ChannelLogger logger) {
            return new Transport(wires, address);
        }

        @Override
        public ScheduledExecutorService getScheduledExecutorService() {
            return timer;
        }

        @Override
        public @Nullable SwapChannelCredentialsResult swapChannelCredentials(ChannelCredentials credentials) {
            return null;
        }

        @Override
        public void close() {
            SharedResourceHolder.release(GrpcUtil.TIMER_SERVICE, timer);
        }

        @Override
        public Collection<Class<? extends SocketAddress>> getSupportedSocketAddressTypes() {
            return List.of(InetSocketAddress.class);
        }
    }

    /** Has no connection of its own, and so is always ready. */
    private static final class Transport implements ConnectionClientTransport {
        private final Function<EventLoop, Wire> wires;
        private final Attributes attributes;
        private final TransportTracer tracer =
                TransportTracer.getDefaultFactory().create();
        private final InternalLogId id;
        private final AtomicInteger streams = new AtomicInteger(1);
        private @Nullable Listener listener;
        private boolean shutDown;

        Transport(Function<EventLoop, Wire> wires, SocketAddress address) {
            this.wires = wires;
            attributes = Attributes.newBuilder()
                    .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, address)
                    .build();
            id = InternalLogId.allocate(getClass(), address.toString());
        }

        @Override
        public Runnable start(Listener newListener) {
            listener = newListener;
            return newListener::transportReady;
        }

        @Override
        public ClientStream newStream(
                MethodDescriptor<?, ?> method, Metadata headers, CallOptions options, ClientStreamTracer[] tracers) {
            streams.incrementAndGet();
            StatsTraceContext stats = StatsTraceContext.newClientContext(tracers, attributes, headers);
            Wire wire = wires.apply(CommonPools.workerGroup().next());
            WebStream stream =
                    new WebStream(wire, method, headers, options, stats, tracer, attributes, this::streamEnded);
            stream.setMaxInboundMessageSize(MAX_MESSAGE_BYTES);
            return stream;
        }

        private void streamEnded() {
            if (streams.decrementAndGet() == 0 && listener != null) {
                listener.transportTerminated();
            }
        }

        @Override
        public synchronized void shutdown(Status reason) {
            if (!shutDown && listener != null) {
                shutDown = true;
                listener.transportShutdown(reason, SimpleDisconnectError.SUBCHANNEL_SHUTDOWN);
                streamEnded();
            }
        }

        @Override
        public void shutdownNow(Status reason) {
            shutdown(reason);
        }

        @Override
        public void ping(PingCallback callback, Executor executor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ListenableFuture<InternalChannelz.SocketStats> getStats() {
            return Futures.immediateFailedFuture(new UnsupportedOperationException());
        }

        @Override
        public InternalLogId getLogId() {
            return id;
        }

        @Override
        public Attributes getAttributes() {
            return attributes;
        }
    }
}

package io.duplexer.bridge.websocket;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.ChannelPromise;
import java.util.List;

/**
 * HTTP/1.1: once the upgrade is written the connection belongs to the session alone, and frames go to the channel,
 * through TLS if there is any, but past Armeria's response stream, which costs five times as much.
 * The response stays open, without content, until the end: it is what Armeria counts as a request in progress, so that
 * its idle timeout leaves the connection alone and a graceful shutdown waits for it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Whatever fails here closes the channel, and that is listened for.
final class ChannelTransport implements Transport {
    private final ServiceRequestContext ctx;
    private final Channel channel;
    private final UpgradeResponse response;
    private final InboundStream inbound;
    private final ChannelOutboundInvoker out;

    ChannelTransport(ServiceRequestContext ctx, Channel channel, UpgradeResponse response, InboundStream inbound) {
        this.ctx = ctx;
        this.channel = channel;
        this.response = response;
        this.inbound = inbound;
        out = entry(ctx, channel);
    }

    /**
     * Without TLS next to the socket, past the handlers for HTTP, which have no business with frames and cost a fifth of
     * a delivery, and past {@link FlushPerTurn}, for the turn's frames come in one write already; with TLS at the
     * pipeline's tail.
     */
    private static ChannelOutboundInvoker entry(ServiceRequestContext ctx, Channel channel) {
        ChannelHandlerContext first = FlushPerTurn.firstOf(channel.pipeline());
        return first == null || ctx.sessionProtocol().isTls() ? channel : first;
    }

    /** The channel queues what the socket does not take. */
    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void write(List<ByteBuf> frames, long bytes, WriteListener listener) {
        int last = frames.size() - 1;
        for (int i = 0; i < last; i++) {
            out.write(frames.get(i), channel.voidPromise());
        }
        ChannelPromise written = channel.newPromise();
        written.addListener(future -> {
            if (future.isSuccess()) {
                listener.onWritten(bytes);
            } else {
                listener.onFailed();
                channel.close();
            }
        });
        out.writeAndFlush(frames.get(last), written);
        ctx.logBuilder().increaseResponseLength(bytes);
    }

    @Override
    public void end() {
        // Armeria writes the end of the response, which is no byte at all, and closes its books ...
        response.end();
        inbound.drain();
        // ... but would keep the connection for seconds.
        // In a turn of its own, since the TLS handler must not be ended while it is decoding.
        ctx.log().whenComplete().thenRunAsync(() -> Lingering.end(channel), channel.eventLoop());
    }

    @Override
    public void abort() {
        inbound.cancel();
        channel.close();
        response.end();
    }
}

package io.duplexer.bridge.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;
import org.jspecify.annotations.Nullable;

/**
 * Next to the socket of an HTTP/2 connection: lets what many sessions write at the end of a turn leave together. Armeria
 * flushes after each stream's write, which is a system call each. Used on the connection's event loop only.
 */
final class HeldFlush extends ChannelOutboundHandlerAdapter {
    private @Nullable ChannelHandlerContext held;

    private HeldFlush() {}

    /** Does this for a connection, once. */
    static void on(Channel connection) {
        ChannelPipeline pipeline = connection.pipeline();
        // Armeria's first handler, as in ChannelTransport.
        ChannelHandlerContext first = pipeline.context(FlushConsolidationHandler.class);
        if (first != null && pipeline.get(HeldFlush.class) == null) {
            pipeline.addBefore(first.name(), null, new HeldFlush());
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (held != null) {
            return;
        }
        if (EventLoopTurn.current().holds(this)) {
            held = ctx;
        } else {
            ctx.flush();
        }
    }

    /** The turn's writes are done. */
    void letGo() {
        ChannelHandlerContext ctx = held;
        held = null;
        if (ctx != null) {
            ctx.flush();
        }
    }
}

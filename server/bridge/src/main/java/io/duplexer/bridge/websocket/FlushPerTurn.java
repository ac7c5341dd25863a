package io.duplexer.bridge.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Next to the socket of a connection: sends once per turn of its event loop whatever was written during the turn, or as
 * soon as the connection has more than it likes to keep ({@link Channel#isWritable()}). Armeria gathers only the answers to
 * what the same connection has just read. What is written for another reason, a message to many streams of one HTTP/2
 * connection, or what a gateway's other connection has brought, it sends frame by frame, which is a system call each.
 *
 * <p>HTTP/2 connections with WebSockets and those of a gateway to its upstreams are so by themselves. All of a server
 * become so by {@code serverBuilder.childChannelPipelineCustomizer(FlushPerTurn::addTo)}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The promises are those of the callers.
public final class FlushPerTurn extends ChannelOutboundHandlerAdapter implements Runnable {
    private @Nullable ChannelHandlerContext held;

    private FlushPerTurn() {}

    /** For all that is written to a connection; more than once does no more. */
    public static void addTo(ChannelPipeline pipeline) {
        ChannelHandlerContext first = firstOf(pipeline);
        if (first == null) {
            pipeline.addFirst(new FlushPerTurn());
        } else if (!(first.handler() instanceof FlushPerTurn)) {
            pipeline.addBefore(first.name(), null, new FlushPerTurn());
        }
    }

    /**
     * The first handler of a pipeline, seen from the socket, that is this one or Armeria's: what an application has put
     * before is not passed over. Null while a pipeline is being made.
     */
    static @Nullable ChannelHandlerContext firstOf(ChannelPipeline pipeline) {
        ChannelHandlerContext own = pipeline.context(FlushPerTurn.class);
        return own == null ? pipeline.context(FlushConsolidationHandler.class) : own;
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (!ctx.channel().isWritable()) {
            ctx.flush();
        } else if (held == null) {
            held = ctx;
            try {
                ctx.channel().eventLoop().execute(this);
            } catch (RejectedExecutionException e) {
                run(); // The loop is about to end.
            }
        }
    }

    @Override
    public void run() {
        ChannelHandlerContext ctx = held;
        held = null;
        if (ctx != null) {
            ctx.flush();
        }
    }

    @Override
    public void disconnect(ChannelHandlerContext ctx, ChannelPromise promise) {
        run();
        ctx.disconnect(promise);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        run();
        ctx.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        run();
    }
}

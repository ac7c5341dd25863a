package io.duplexer.bridge.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

/**
 * The end of a connection of HTTP/1.1: drops what comes in before anything else sees it, TLS included, and keeps the news
 * of the half-closed connection from Armeria, which would log it as unexpected.
 */
@ChannelHandler.Sharable
final class Lingering extends ChannelInboundHandlerAdapter {
    private static final Lingering INSTANCE = new Lingering();

    private Lingering() {}

    /**
     * Tells the peer that this was all, and drops what it still sends until it is done too. Were the connection just
     * closed with bytes unread, it would be reset, and the peer might lose the Close frame that tells it why. On the event
     * loop.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // Whatever fails here closes the channel.
    static void end(Channel channel) {
        if (!channel.isActive()) {
            return;
        }
        if (!(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
        }
        duplex.pipeline().addFirst(INSTANCE);
        duplex.config().setAutoRead(true);
        SslHandler tls = duplex.pipeline().get(SslHandler.class);
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(future -> duplex.shutdownOutput());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != ChannelOutputShutdownEvent.INSTANCE) {
            ctx.fireUserEventTriggered(event);
        }
    }
}

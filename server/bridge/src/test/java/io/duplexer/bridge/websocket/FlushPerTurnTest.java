package io.duplexer.bridge.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Turns of a real event loop: what is submitted to it as one task is within one turn. */
@Timeout(20)
final class FlushPerTurnTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private Channel channel;
    private int flushes;

    @BeforeEach
    void connect() throws Exception {
        var server = new ServerBootstrap()
                .group(loops)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(LocalAddress.ANY)
                .sync()
                .channel();
        channel = new Bootstrap()
                .group(loops)
                .channel(LocalChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync()
                .channel();
        FlushPerTurn.addTo(channel.pipeline());
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext ctx) {
                flushes++;
                ctx.flush();
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    /** Within one turn. Returns how often has been flushed by its end. */
    private int turn(Runnable act) throws Exception {
        return channel.eventLoop()
                .submit(() -> {
                    act.run();
                    return flushes;
                })
                .get();
    }

    private void send(int bytes) {
        Future<Void> unused = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    @Test
    void whatIsWrittenInOneTurnLeavesTogetherAtItsEnd() throws Exception {
        var before = turn(() -> {
            send(1);
            send(2);
        });
        assertThat(before).isZero();
        assertThat(turn(() -> {})).isOne();
    }

    @Test
    void theNextTurnFlushesAgain() throws Exception {
        turn(() -> send(1));
        assertThat(turn(() -> send(1))).isOne();
        assertThat(turn(() -> {})).isEqualTo(2);
    }

    @Test
    void moreThanTheConnectionKeepsLeavesAtOnce() throws Exception {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 1_000));
        assertThat(turn(() -> send(500))).isZero();
        assertThat(turn(() -> {})).isOne();
        assertThat(turn(() -> send(2_000))).isEqualTo(2);
    }

    @Test
    void whatIsHeldLeavesBeforeTheEnd() throws Exception {
        var flushed = turn(() -> {
            send(1);
            Future<Void> unused = channel.close();
        });
        assertThat(flushed).isOne();
    }

    @Test
    void isAddedOnce() {
        FlushPerTurn.addTo(channel.pipeline());
        assertThat(channel.pipeline().toMap().values().stream().filter(FlushPerTurn.class::isInstance))
                .hasSize(1);
    }
}

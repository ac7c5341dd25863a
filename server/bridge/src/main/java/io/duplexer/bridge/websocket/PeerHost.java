package io.duplexer.bridge.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.time.Duration;

/**
 * What TCP knows of the host at the other end, for a peer that is silent because it reads slowly: its host acknowledges what
 * arrives all the same, and probes of a window that is closed (RFC 9293, section 3.8.6.1) or of a connection that is idle
 * (section 3.8.4).
 */
final class PeerHost {
    private static final int PROBES = 3;

    private PeerHost() {}

    /**
     * Lets TCP probe the host when nothing is under way, and end the connection if it does not answer. The times hold on
     * Linux; elsewhere they are the system's, some hours.
     *
     * @param idle when to begin
     * @param silence how long it may take until the end
     */
    static void probe(Channel channel, Duration idle, Duration silence) {
        ChannelConfig config = channel.config();
        config.setOption(ChannelOption.SO_KEEPALIVE, true);
        config.setOption(EpollChannelOption.TCP_KEEPIDLE, seconds(idle));
        config.setOption(EpollChannelOption.TCP_KEEPINTVL, seconds(silence.dividedBy(PROBES)));
        config.setOption(EpollChannelOption.TCP_KEEPCNT, PROBES);
    }

    private static int seconds(Duration time) {
        return (int) Math.min(Math.max(1, time.toSeconds()), 32767); // All that the kernel takes.
    }

    /**
     * Whether the host may be there, as far as what is under way tells. Only Linux can deny it ({@code TCP_INFO}); elsewhere
     * TCP gives up by itself, after some minutes. On the channel's event loop.
     *
     * @param silence for how long the host must have acknowledged nothing of what waits for that
     */
    static boolean mayBeThere(Channel channel, Duration silence) {
        if (!channel.isActive() || !(channel instanceof EpollSocketChannel socket)) {
            return true;
        }
        EpollTcpInfo info = socket.tcpInfo();
        boolean isAsked = info.unacked() > 0 || info.probes() > 1;
        return !isAsked || info.lastAckRecv() < silence.toMillis();
    }
}

package io.duplexer.bridge.websocket;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.time.Duration;

/**
 * What TCP knows of the host at the other end, for a peer that is silent because it reads slowly: its host acknowledges what
 * arrives all the same, and the probes of a window that is closed (RFC 9293, section 3.8.6.1).
 */
final class PeerHost {
    private PeerHost() {}

    /**
     * Whether the host may be there. Only Linux can deny it ({@code TCP_INFO}); elsewhere TCP gives up by itself, after some
     * minutes. On the channel's event loop.
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

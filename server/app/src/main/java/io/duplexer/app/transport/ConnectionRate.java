package io.duplexer.app.transport;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.duplexer.app.chat.Chat;
import io.duplexer.app.chat.TokenBucket;
import io.netty.util.AttributeKey;

/** The publish rate that all gRPC calls of one TCP connection share: a unary caller makes a new call each time. */
final class ConnectionRate {
    private static final AttributeKey<TokenBucket> KEY = AttributeKey.valueOf(ConnectionRate.class, "KEY");

    private ConnectionRate() {}

    static TokenBucket of(Chat chat, ServiceRequestContext ctx) {
        var channel = ctx.log().getIfAvailable(RequestLogProperty.SESSION);
        if (channel == null || channel.channel() == null) {
            return chat.newPublishRate();
        }
        var attribute = channel.channel().attr(KEY);
        var rate = attribute.get();
        if (rate == null) {
            var created = chat.newPublishRate();
            rate = attribute.setIfAbsent(created);
            return rate == null ? created : rate;
        }
        return rate;
    }
}

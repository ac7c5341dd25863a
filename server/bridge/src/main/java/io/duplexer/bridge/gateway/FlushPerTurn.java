package io.duplexer.bridge.gateway;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.flush.FlushConsolidationHandler;

/**
 * Makes a connection send once per turn of its event loop whatever was written during the turn. What comes in by one
 * connection of a gateway leaves by another, for which Armeria, which gathers only the answers to what the same connection
 * has read, would send each frame by itself.
 *
 * <p>Connections of {@link Upstream#clientFactory()} are so; those of the clients become so by {@code
 * serverBuilder.childChannelPipelineCustomizer(FlushPerTurn::addTo)}.
 */
public final class FlushPerTurn {
    private FlushPerTurn() {}

    /** Next to the socket, for all that is written. */
    public static void addTo(ChannelPipeline pipeline) {
        pipeline.addFirst(
                new FlushConsolidationHandler(FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
    }
}

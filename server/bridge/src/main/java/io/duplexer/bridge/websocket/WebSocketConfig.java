package io.duplexer.bridge.websocket;

import java.time.Duration;

/**
 * The limits of an endpoint's sessions.
 *
 * @param maxFrameBytes the payload of one incoming frame; a header that announces more closes with 1009 before the
 *     payload is read. Default: as {@code maxMessageBytes}
 * @param maxMessageBytes one incoming message, all fragments together and inflated; more closes with 1009. Default: 1
 *     MiB
 * @param maxQueuedBytes what may wait to be written to a peer, frame headers included. One message always finds room in
 *     an empty queue; a send that would go above closes with 3008 instead. Default: 1 MiB
 * @param pingInterval the time between the engine's own pings; zero means none. Default: 25 s
 * @param pongTimeout how long after such a ping the peer may stay silent before it is closed with 3012; anything it
 *     sends counts. Default: 10 s
 * @param closeTimeout how long the peer may take for its part of the closing handshake, and for reading what is queued
 *     before it, until the connection is cut. Default: 5 s
 * @param compression permessage-deflate. Default: off
 */
public record WebSocketConfig(
        int maxFrameBytes,
        int maxMessageBytes,
        int maxQueuedBytes,
        Duration pingInterval,
        Duration pongTimeout,
        Duration closeTimeout,
        WebSocketCompression compression) {
    private static final int MIB = 1024 * 1024;

    /** All defaults. */
    public static final WebSocketConfig DEFAULT = new WebSocketConfig(
            MIB,
            MIB,
            MIB,
            Duration.ofSeconds(25),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            WebSocketCompression.OFF);

    public WebSocketConfig {
        requirePositive("maxFrameBytes", maxFrameBytes);
        requirePositive("maxMessageBytes", maxMessageBytes);
        requirePositive("maxQueuedBytes", maxQueuedBytes);
        if (pingInterval.isNegative()) {
            throw new IllegalArgumentException("pingInterval: " + pingInterval + " (expected: >= 0)");
        }
        requirePositive("pongTimeout", pongTimeout);
        requirePositive("closeTimeout", closeTimeout);
    }

    /** With another limit of frames. */
    public WebSocketConfig withMaxFrameBytes(int newMaxFrameBytes) {
        return new WebSocketConfig(
                newMaxFrameBytes,
                maxMessageBytes,
                maxQueuedBytes,
                pingInterval,
                pongTimeout,
                closeTimeout,
                compression);
    }

    /** With another limit of messages, and the same of frames. */
    public WebSocketConfig withMaxMessageBytes(int newMaxMessageBytes) {
        return new WebSocketConfig(
                newMaxMessageBytes,
                newMaxMessageBytes,
                maxQueuedBytes,
                pingInterval,
                pongTimeout,
                closeTimeout,
                compression);
    }

    /** With another limit of the outbound queue. */
    public WebSocketConfig withMaxQueuedBytes(int newMaxQueuedBytes) {
        return new WebSocketConfig(
                maxFrameBytes,
                maxMessageBytes,
                newMaxQueuedBytes,
                pingInterval,
                pongTimeout,
                closeTimeout,
                compression);
    }

    /** With other pings. */
    public WebSocketConfig withPings(Duration newPingInterval, Duration newPongTimeout) {
        return new WebSocketConfig(
                maxFrameBytes,
                maxMessageBytes,
                maxQueuedBytes,
                newPingInterval,
                newPongTimeout,
                closeTimeout,
                compression);
    }

    /** With another limit of the closing handshake. */
    public WebSocketConfig withCloseTimeout(Duration newCloseTimeout) {
        return new WebSocketConfig(
                maxFrameBytes,
                maxMessageBytes,
                maxQueuedBytes,
                pingInterval,
                pongTimeout,
                newCloseTimeout,
                compression);
    }

    /** With other compression. */
    public WebSocketConfig withCompression(WebSocketCompression newCompression) {
        return new WebSocketConfig(
                maxFrameBytes,
                maxMessageBytes,
                maxQueuedBytes,
                pingInterval,
                pongTimeout,
                closeTimeout,
                newCompression);
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}

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
 *     an empty queue; a send that would go above closes with 3008 instead. {@link Integer#MAX_VALUE} is no limit, for
 *     an application that heeds {@link WebSocketSession#isWritable()}: a peer that reads slowly is waited for then, and
 *     its host, not its pongs, tells whether it is there while it may not have come to the ping. Default: 1 MiB
 * @param pingInterval the time between the engine's own pings; zero means none. Default: 25 s
 * @param pongTimeout how long after such a ping the peer may stay silent before it is closed with 3012; anything it
 *     sends counts. Default: 10 s
 * @param closeTimeout how long the peer may take for its part of the closing handshake, and for reading what is queued
 *     before it, until the connection is cut. Where a peer that reads slowly is waited for, the time of a close with 1000
 *     begins when the operating system has taken everything. Default: 5 s
 * @param stopTimeout how long a server that stops waits for its sessions to end; zero means not at all. Default: 5 s
 * @param compression permessage-deflate. Default: off
 */
public record WebSocketConfig(
        int maxFrameBytes,
        int maxMessageBytes,
        int maxQueuedBytes,
        Duration pingInterval,
        Duration pongTimeout,
        Duration closeTimeout,
        Duration stopTimeout,
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
            Duration.ofSeconds(5),
            WebSocketCompression.OFF);

    public WebSocketConfig {
        requirePositive("maxFrameBytes", maxFrameBytes);
        requirePositive("maxMessageBytes", maxMessageBytes);
        requirePositive("maxQueuedBytes", maxQueuedBytes);
        requireNotNegative("pingInterval", pingInterval);
        requirePositive("pongTimeout", pongTimeout);
        requirePositive("closeTimeout", closeTimeout);
        requireNotNegative("stopTimeout", stopTimeout);
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
                stopTimeout,
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
                stopTimeout,
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
                stopTimeout,
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
                stopTimeout,
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
                stopTimeout,
                compression);
    }

    /** With another limit of a stop. */
    public WebSocketConfig withStopTimeout(Duration newStopTimeout) {
        return new WebSocketConfig(
                maxFrameBytes,
                maxMessageBytes,
                maxQueuedBytes,
                pingInterval,
                pongTimeout,
                closeTimeout,
                newStopTimeout,
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
                stopTimeout,
                newCompression);
    }

    boolean waitsForSlowPeers() {
        return maxQueuedBytes == Integer.MAX_VALUE;
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
        }
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

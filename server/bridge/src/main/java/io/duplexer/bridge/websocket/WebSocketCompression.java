package io.duplexer.bridge.websocket;

/**
 * Settings of permessage-deflate (RFC 7692). Each compressing connection holds about 100 KB of native memory for the
 * windows of its two directions, so that it is off by default and capped when on: connections above the cap are simply
 * not compressed.
 *
 * @param maxConnections how many connections of the endpoint may compress at a time; 0 switches compression off
 * @param minMessageBytes messages shorter than this are sent as they are, since deflate gains nothing on them
 */
public record WebSocketCompression(int maxConnections, int minMessageBytes) {
    /** No compression: the default. */
    public static final WebSocketCompression OFF = new WebSocketCompression(0, 0);

    public WebSocketCompression {
        if (maxConnections < 0) {
            throw new IllegalArgumentException("maxConnections: " + maxConnections + " (expected: >= 0)");
        }
        if (minMessageBytes < 0) {
            throw new IllegalArgumentException("minMessageBytes: " + minMessageBytes + " (expected: >= 0)");
        }
    }

    /** Compression for at most so many connections at a time, of messages of 256 bytes and more. */
    public static WebSocketCompression upTo(int maxConnections) {
        return new WebSocketCompression(maxConnections, 256);
    }
}

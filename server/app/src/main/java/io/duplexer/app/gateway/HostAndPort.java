package io.duplexer.app.gateway;

/**
 * The address of a server.
 *
 * @param host a name, or a literal address; one of IPv6 without its brackets
 */
public record HostAndPort(String host, int port) {
    /** As it is written: {@code example.org:50051}, {@code [::1]:50051}. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}

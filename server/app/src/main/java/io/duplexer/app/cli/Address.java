package io.duplexer.app.cli;

import io.duplexer.app.gateway.HostAndPort;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code example.org:50051}, {@code 127.0.0.1:50051} or {@code [::1]:50051}. */
final class Address implements ITypeConverter<HostAndPort> {
    private static final Pattern TEXT = Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^\\s:/\\[\\]]+)):(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    @Override
    public HostAndPort convert(String text) {
        var parts = TEXT.matcher(text);
        if (parts.matches()) {
            var port = Integer.parseInt(parts.group(3));
            if (port >= 1 && port <= MAX_PORT) {
                return new HostAndPort(parts.group(1) == null ? parts.group(2) : parts.group(1), port);
            }
        }
        throw new TypeConversionException("'" + text + "' (expected: HOST:PORT, like 127.0.0.1:50051 or [::1]:50051)");
    }
}

package io.duplexer.app.cli;

import io.duplexer.app.gateway.HostAndPort;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A server for some of the paths.
 *
 * @param prefix of the paths, with a slash at both ends
 */
record Route(String prefix, HostAndPort upstream) {
    private static final Pattern TEXT = Pattern.compile("(/(?:[^\\s=/]+/)*)=(.+)");

    /** Reads {@code /package.Service/=127.0.0.1:50051}. */
    static final class Converter implements ITypeConverter<Route> {
        @Override
        public Route convert(String text) {
            var parts = TEXT.matcher(text);
            if (!parts.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' (expected: PREFIX=HOST:PORT, like /package.Service/=127.0.0.1:50051)");
            }
            return new Route(parts.group(1), new Address().convert(parts.group(2)));
        }
    }
}

package io.duplexer.app.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of bytes: {@code 65536}, {@code 64KiB} or {@code 4MiB}; at most 2 GiB less one byte. */
final class ByteSize implements ITypeConverter<Integer> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,10})(kib|mib)?");
    private static final Map<String, Integer> UNITS = Map.of("kib", 1024, "mib", 1024 * 1024);

    @Override
    public Integer convert(String text) {
        var size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (size.matches()) {
            var unit = size.group(2);
            var bytes = Long.parseLong(size.group(1)) * (unit == null ? 1 : UNITS.getOrDefault(unit, 1));
            if (bytes <= Integer.MAX_VALUE) {
                return (int) bytes;
            }
        }
        throw new TypeConversionException("'" + text + "' (expected: bytes below 2 GiB, like 65536, 64KiB or 4MiB)");
    }
}

package io.duplexer.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;

/** What the numbers were measured on. */
public final class Machine {
    private Machine() {}

    /** One line: the date, the processors, the kernel and the Java. */
    public static String describe() {
        return "%s, %s, Linux %s, Java %s"
                .formatted(
                        LocalDate.now(ZoneId.systemDefault()),
                        processors(),
                        System.getProperty("os.version"),
                        Runtime.version());
    }

    private static String processors() {
        try {
            var models = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .toList();
            return models.isEmpty() ? "a processor" : models.size() + " x " + models.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.duplexer.e2e.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;

/** Directories for what servers write, deleted with all that is in them when the tests end. */
public final class Scratch {
    private static final Path root = create();
    private static final AtomicInteger next = new AtomicInteger();

    private Scratch() {}

    private static Path create() {
        try {
            var directory = Files.createTempDirectory("duplexer-e2e-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of a directory that is not there yet. */
    public static Path directory() {
        return root.resolve(String.valueOf(next.incrementAndGet()));
    }
}

package io.duplexer.bench.suite;

import io.duplexer.bench.report.Measurement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * The disk by itself: a page of 4 KiB written over and over in a file whose space is allocated, each followed by
 * {@code fdatasync}, one after the other. It is the most that a server can do that writes each message by itself.
 */
final class Disk {
    private static final int PAGE_BYTES = 4096;
    private static final int PAGES = 256;

    private Disk() {}

    static Measurement measure(Path directory, Duration duration) {
        Histogram nanos = new Histogram(3);
        try (FileChannel file = FileChannel.open(
                directory.resolve("pages"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer page = ByteBuffer.allocateDirect(PAGE_BYTES);
            for (int i = 0; i < PAGES; i++) {
                file.write(page.clear());
            }
            file.force(true);
            long start = System.nanoTime();
            long end = start + duration.toNanos();
            long now = start;
            for (int i = 0; now < end; i++) {
                file.write(page.clear(), (long) i % PAGES * PAGE_BYTES);
                file.force(false);
                long after = System.nanoTime();
                nanos.recordValue(after - now);
                now = after;
            }
            return new Measurement(
                    nanos.getTotalCount() * 1e9 / (now - start),
                    0,
                    0,
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

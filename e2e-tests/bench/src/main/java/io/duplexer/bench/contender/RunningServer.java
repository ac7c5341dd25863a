package io.duplexer.bench.contender;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A contender as a process. What it costs is read from {@code /proc} (proc(5)). */
public final class RunningServer implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("ready (\\d+)|https?://127\\.0\\.0\\.1:(\\d+)");
    private static final int TICKS_PER_SECOND = 100;

    private final Contender contender;
    private final Process process;
    private final int port;

    RunningServer(Contender contender, List<String> command) {
        this.contender = contender;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            port = awaitPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int awaitPort() throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher matcher = PORT.matcher(line);
            if (matcher.find()) {
                drain(lines);
                return Integer.parseInt(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            }
        }
        throw new IOException(contender.name() + " ended before it was ready");
    }

    private static void drain(BufferedReader lines) {
        Thread drain = new Thread(() -> lines.lines().forEach(line -> {}));
        drain.setDaemon(true);
        drain.start();
    }

    public Contender contender() {
        return contender;
    }

    public int port() {
        return port;
    }

    /** What it has used of its processor since it was started. */
    public CpuTime cpu() {
        String stat = read("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new CpuTime(ticks(fields[11]), ticks(fields[12]));
    }

    private static Duration ticks(String number) {
        return Duration.ofMillis(Long.parseLong(number) * 1000 / TICKS_PER_SECOND);
    }

    /** Its resident memory in KiB. A Java process collects its garbage first. */
    public long residentKilobytes() {
        if (contender.command().get(0).equals("java")) {
            collectGarbage();
        }
        return read("status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private void collectGarbage() {
        try {
            Process jcmd = new ProcessBuilder("jcmd", String.valueOf(process.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .start();
            jcmd.getInputStream().readAllBytes();
            if (jcmd.waitFor() != 0) {
                throw new IllegalStateException("jcmd GC.run failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(contender.name() + " has ended", e);
        }
    }

    /** Lets it end by itself, so that a profiler can write its file, but not for long. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

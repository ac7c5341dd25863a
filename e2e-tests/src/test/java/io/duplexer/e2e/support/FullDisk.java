package io.duplexer.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The ways in which a disk of the tests' own is full, with prlimit(1) and mount(8) of util-linux. */
public enum FullDisk {
    /** The operating system lets no file of the process grow any more. Anybody may set that. */
    FILE_SIZE_LIMIT {
        @Override
        public Made make() {
            assumeThat(run("prlimit", "--version")).as("prlimit is there").isTrue();
            return new Made(Scratch.directory()) {
                @Override
                public void fill(ServerProcess server) {
                    assertThat(limit(server, "200000:")).isTrue();
                }

                @Override
                public void empty(ServerProcess server) {
                    assertThat(limit(server, "unlimited:")).isTrue();
                }

                private boolean limit(ServerProcess server, String soft) {
                    return run("prlimit", "--pid", String.valueOf(server.pid()), "--fsize=" + soft);
                }

                @Override
                public void close() {}
            };
        }
    },

    /** A file system of 4 MiB in memory. It takes root to mount one; the test is skipped for others. */
    SMALL_FILE_SYSTEM {
        @Override
        public Made make() throws IOException {
            var directory = Files.createDirectories(Scratch.directory());
            var isRoot = "root".equals(System.getProperty("user.name"));
            assumeThat(isRoot && run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", directory.toString()))
                    .as("a small file system can be mounted")
                    .isTrue();
            var ballast = Files.write(directory.resolve("ballast"), new byte[3 * 1024 * 1024]);
            return new Made(directory) {
                @Override
                public void fill(ServerProcess server) {}

                @Override
                public void empty(ServerProcess server) throws IOException {
                    Files.delete(ballast);
                }

                @Override
                public void close() {
                    // The server may have just ended.
                    assertThat(run("umount", "--lazy", directory().toString())).isTrue();
                }
            };
        }
    };

    /** Makes it, with room for some messages. */
    public abstract Made make() throws IOException;

    private static boolean run(String... command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A directory for the server's data, on such a disk. */
    public abstract static class Made implements AutoCloseable {
        private final Path directory;

        Made(Path directory) {
            this.directory = directory;
        }

        public Path directory() {
            return directory;
        }

        /** Lets nearly nothing more be written. */
        public abstract void fill(ServerProcess server) throws IOException;

        /** Makes room. */
        public abstract void empty(ServerProcess server) throws IOException;

        @Override
        public abstract void close();
    }
}

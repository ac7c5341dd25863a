package io.duplexer.app.history.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second server out of a directory. The operating system holds the lock for the process: it goes with it, also
 * when the process is killed. SQLite's own locks would let a second server in, to give both the same sequences.
 */
final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws HistoryFileException when it is taken
     * @throws IOException when the file cannot be written
     */
    static DirectoryLock take(Path file) throws IOException, HistoryFileException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new HistoryFileException(
                    file.getParent() + " is in use by another server (expected: a directory of its own)");
        }
        return new DirectoryLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // By this very process.
        }
    }

    /** The file stays: if it were deleted, two servers could hold the locks of two files of the same name. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}

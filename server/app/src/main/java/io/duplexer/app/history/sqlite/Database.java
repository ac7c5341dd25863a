package io.duplexer.app.history.sqlite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/** The database's file, held for this process alone, and connections to it. */
final class Database implements AutoCloseable {
    private static final String FILE = "history.db";
    private static final String MAGIC = "SQLite format 3\0";
    private static final int HEADER_BYTES = 100;
    private static final int APPLICATION_ID_OFFSET = 68;
    /** A larger file is not read from end to end at each start. What is damaged in it is found when it is read. */
    private static final long CHECKED_BYTES = 64L * 1024 * 1024;
    /** Of the write-ahead log that are kept for reuse: to write over blocks that are there costs the disk less. */
    private static final int JOURNAL_BYTES = 64 * 1024 * 1024;
    /** Pages of the write-ahead log after which it is copied into the database: 32 MiB. */
    private static final int CHECKPOINT_PAGES = 8_192;

    private static final int BUSY_MILLIS = 10_000;

    private final Path directory;
    private final Path file;
    private final DirectoryLock lock;

    private Database(Path directory, DirectoryLock lock) {
        this.directory = directory;
        this.file = directory.resolve(FILE);
        this.lock = lock;
    }

    /**
     * Opens the database of {@code directory}, or makes it.
     *
     * @throws HistoryFileException when it is in use, damaged, of another program or of a newer version, or cannot be
     *     made
     */
    static Database open(Path directory) throws HistoryFileException {
        return open(directory, Schema.CURRENT);
    }

    static Database open(Path directory, Schema schema) throws HistoryFileException {
        try {
            makeDirectory(directory);
            var lock = DirectoryLock.take(directory.resolve(FILE + ".lock"));
            try {
                var database = new Database(directory, lock);
                database.prepare(schema);
                return database;
            } catch (HistoryFileException | IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new HistoryFileException(directory + " cannot be used: " + describe(e)
                    + " (expected: a directory that this server may write to)");
        }
    }

    private static String describe(IOException e) {
        var reason = e.getClass().getSimpleName().replace("Exception", "");
        return e.getMessage() == null ? reason : reason + " " + e.getMessage();
    }

    private static void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            var parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                force(parent);
            }
        }
    }

    /** Makes the names in a directory as durable as the files are. */
    private static void force(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void prepare(Schema schema) throws HistoryFileException, IOException {
        try {
            if (Files.exists(file)) {
                requireOurs();
            } else {
                create(schema);
            }
            check(schema);
        } catch (SQLException e) {
            throw unusable(e);
        }
    }

    /**
     * Makes the file under another name, and gives it its own when it is complete. So a file of that name never is one
     * that was only begun, and one that is empty or cut short is always a damaged one.
     */
    private void create(Schema schema) throws HistoryFileException, IOException, SQLException {
        if (Files.exists(sibling("-wal"))) {
            throw new HistoryFileException(file + " is missing, but "
                    + sibling("-wal").getFileName() + " is there (expected: both, or neither)");
        }
        var begun = sibling(".new");
        Files.deleteIfExists(begun);
        Files.deleteIfExists(begun.resolveSibling(begun.getFileName() + "-journal"));
        var config = new SQLiteConfig();
        config.setSynchronous(SynchronousMode.FULL);
        try (var connection = connect(begun, config)) {
            schema.migrate(connection, 0);
            try (var insert = connection.prepareStatement("INSERT INTO log VALUES (?, 0, 0)")) {
                insert.setString(1, UUID.randomUUID().toString());
                insert.executeUpdate();
            }
        }
        Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE);
        force(directory);
    }

    private Path sibling(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /**
     * Looks at the file before SQLite does, which would take an empty one for a new database, and change one of another
     * program to write-ahead logging. The header's layout: https://sqlite.org/fileformat.html, section 1.3.
     */
    private void requireOurs() throws HistoryFileException, IOException {
        if (!Files.isRegularFile(file)) {
            throw unusable("not a file");
        }
        try (var in = Files.newInputStream(file)) {
            var header = in.readNBytes(HEADER_BYTES);
            if (header.length == 0) {
                throw unusable("empty");
            }
            if (header.length < HEADER_BYTES || !new String(header, ISO_8859_1).startsWith(MAGIC)) {
                throw unusable("not a database");
            }
            if (ByteBuffer.wrap(header).getInt(APPLICATION_ID_OFFSET) != Schema.APPLICATION_ID) {
                throw unusable("a database of another program");
            }
        }
    }

    private void check(Schema schema) throws HistoryFileException, SQLException, IOException {
        try (var connection = connectToWrite()) {
            connection.setAutoCommit(true);
            var version = integer(connection, "PRAGMA user_version");
            if (version < 1 || version > schema.version()) {
                throw unusable("of version " + version + ", which this server does not know");
            }
            if (Files.size(file) <= CHECKED_BYTES) {
                try (var statement = connection.createStatement();
                        var problems = statement.executeQuery("PRAGMA quick_check(1)")) {
                    if (!problems.next() || !"ok".equals(problems.getString(1))) {
                        throw unusable("damaged: "
                                + problems.getString(1)
                                        .lines()
                                        .reduce((a, b) -> b)
                                        .orElse(""));
                    }
                }
            }
            schema.migrate(connection, version);
            if (integer(connection, "SELECT count(*) FROM log") != 1) {
                throw unusable("damaged: it has no epoch");
            }
        }
    }

    private HistoryFileException unusable(String why) {
        return new HistoryFileException(
                file + " is no history that can be used: " + why + " (expected: one that this server made)");
    }

    HistoryFileException unusable(SQLException e) {
        return unusable(reason(e));
    }

    private static String reason(SQLException e) {
        if (e instanceof SQLiteException sqlite) {
            var code = sqlite.getResultCode();
            var damaged = code == SQLiteErrorCode.SQLITE_NOTADB || code.name().startsWith("SQLITE_CORRUPT");
            return (damaged ? "damaged: " : "") + code.message.strip();
        }
        return String.valueOf(e.getMessage());
    }

    private static int integer(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return result.getInt(1);
        }
    }

    /** A connection that begins a transaction by itself and leaves it to the caller to commit. */
    Connection connectToWrite() throws SQLException {
        var config = config();
        config.setJournalMode(JournalMode.WAL);
        // The log is synchronised with each commit; NORMAL would do so only when it is copied into the database.
        config.setSynchronous(SynchronousMode.FULL);
        config.setJournalSizeLimit(JOURNAL_BYTES);
        config.setWalAutocheckpoint(CHECKPOINT_PAGES);
        var connection = connect(file, config);
        connection.setAutoCommit(false);
        return connection;
    }

    Connection connectToRead() throws SQLException {
        var config = config();
        config.setReadOnly(true);
        return connect(file, config);
    }

    private static SQLiteConfig config() {
        var config = new SQLiteConfig();
        // Without CREATE: a file that has vanished must not come back empty.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout(BUSY_MILLIS);
        // It would ask for the number of each row that is inserted.
        config.setGetGeneratedKeys(false);
        // An I/O error under a memory map is a signal that ends the process.
        config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, "0");
        config.setTempStore(TempStore.MEMORY);
        return config;
    }

    private static Connection connect(Path file, SQLiteConfig config) throws SQLException {
        return config.createConnection("jdbc:sqlite:" + file.toUri());
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}

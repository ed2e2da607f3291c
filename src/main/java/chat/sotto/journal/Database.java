package chat.sotto.journal;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * One open database file: its writer, its readers, its upkeep. Once a write has failed nothing more
 * is written, not even by closing: what is on disk then is found at the next start.
 */
final class Database {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  static final String FORMAT = "format";
  static final String CLEAN_STOP = "clean-stop";

  /** Nothing asks for keys that the database made: the driver would, after every statement. */
  private static final Properties DRIVER = new Properties();

  static {
    DRIVER.setProperty(SQLiteConfig.Pragma.JDBC_GET_GENERATED_KEYS.pragmaName, "false");
  }

  private final Tables writing;
  private final Checkpoints checkpoints;
  private final ExecutorService replies =
      Executors.newSingleThreadExecutor(task -> Readers.daemon(task, "sotto-journal-replies"));
  private final RecentBodies recentBodies = new RecentBodies(RecentBodies.BYTES_MAX);
  private final Writer writer;
  private final Readers readers;
  private final Upkeep upkeep;

  private Database(
      Path file, Tables writing, Clock clock, Consumer<Throwable> onFailure) throws SQLException {
    this.writing = writing;
    this.checkpoints = new Checkpoints(writing, file);
    this.writer = new Writer(writing, checkpoints, replies, onFailure);
    this.readers = new Readers(readingConnections(file));
    this.upkeep = new Upkeep(connect(file), writer, checkpoints, recentBodies, clock);
  }

  /**
   * Opens a database, made if the file is empty.
   *
   * @param onFailure told once when a write failed or the file proved damaged; then it stops
   * @throws DataFolderException if the file is not a database that this Sotto can use
   */
  static Database open(Path file, Clock clock, Consumer<Throwable> onFailure) {
    try {
      Tables writing = connect(file);
      try {
        boolean suspect = prepare(file, writing);
        var database = new Database(file, writing, clock, onFailure);
        database.start(suspect);
        return database;
      } catch (SQLException | RuntimeException e) {
        writing.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new DataFolderException(
          "The database %s cannot be opened: %s.".formatted(file, e.getMessage()), e);
    }
  }

  private static Tables connect(Path file) throws SQLException {
    var tables = new Tables(JDBC.createConnection(JDBC.PREFIX + file, DRIVER));
    for (String pragma : Dialect.CONNECTION) {
      tables.run(pragma);
    }
    return tables;
  }

  private static List<Tables> readingConnections(Path file) throws SQLException {
    var connections = new ArrayList<Tables>();
    for (int i = 0; i < Readers.COUNT; i++) {
      Tables tables = connect(file);
      tables.run(Dialect.QUERY_ONLY);
      connections.add(tables);
    }
    return connections;
  }

  /** Makes or checks the tables; true if the last server did not stop cleanly. */
  private static boolean prepare(Path file, Tables tables) throws SQLException {
    if (!tables.ask(Dialect.WAL).equals("wal")) {
      throw new DataFolderException(
          "The disk that holds %s cannot share memory between readers: use a local disk."
              .formatted(file));
    }
    tables.run(Dialect.BEGIN);
    boolean suspect = false;
    if (tables.ask(Dialect.IS_EMPTY).equals("1")) {
      for (String sql : Dialect.SCHEMA) {
        tables.run(sql);
      }
      tables.putMeta(FORMAT, Integer.toString(DataFolder.FORMAT));
    } else {
      DataFolder.checkFormat(file, tables.meta(FORMAT).orElse(""));
      suspect = !tables.deleteMeta(CLEAN_STOP);
      for (String sql : Dialect.ADDED) {
        tables.run(sql);
      }
    }
    tables.run(Dialect.COMMIT);
    return suspect;
  }

  private void start(boolean suspect) {
    writer.start();
    upkeep.start();
    if (suspect) {
      check();
    }
  }

  private void check() {
    LOG.info("The last stop was not clean: the database is being checked.");
    readers
        .read(tables -> tables.ask(Dialect.QUICK_CHECK))
        .whenComplete(
            (finding, error) -> {
              if (error != null) {
                LOG.warn("The check of the database did not end.", error);
              } else if (finding.equals("ok")) {
                LOG.info("The database is in order.");
              } else {
                writer.fail(new SQLException("the database is damaged: " + finding));
              }
            });
  }

  /** @param bytes about what the change takes in the queue and in the log */
  <T> CompletableFuture<T> write(int bytes, Writer.Change<T> change) {
    return writer.submit(bytes, change);
  }

  /** As {@link #write}. @param committed as of {@link Writer#submit} */
  <T> CompletableFuture<T> write(int bytes, Writer.Change<T> change, Runnable committed) {
    return writer.submit(bytes, change, committed);
  }

  RecentBodies recentBodies() {
    return recentBodies;
  }

  <T> CompletableFuture<T> read(Readers.Read<T> read) {
    return readers.read(read);
  }

  /** Reads after everything that was queued for writing is committed or has failed. */
  <T> CompletableFuture<T> readAfterWrites(Readers.Read<T> read) {
    return writer.barrier().thenCompose(done -> readers.read(read));
  }

  long queuedBytes() {
    return writer.queuedBytes();
  }

  /** Erases from the log what was deleted, as soon as no reader is in the way. */
  void truncateLog() {
    checkpoints.requestTruncate();
    writer.wake();
  }

  /** Commits what is queued, ends the readers, erases the log, and closes the file. */
  void close() {
    try {
      upkeep.close();
      writer.close();
      readers.close();
      replies.shutdown();
      if (!writer.hasFailed()) {
        closeCleanly();
      }
    } catch (SQLException | InterruptedException e) {
      LOG.error("The database was not closed cleanly; it is checked at the next start.", e);
    }
  }

  private void closeCleanly() throws SQLException {
    try (writing) {
      if (!checkpoints.truncate()) {
        LOG.warn("Another program reads the database: deleted bodies may still be in its log.");
      }
      writing.putMeta(CLEAN_STOP, "yes");
    }
  }
}

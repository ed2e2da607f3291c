package chat.sotto.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.sqlite.JDBC;

/**
 * A database that no server uses, for one thread. What is written is not safe before the file was
 * synced: for files that nobody relies on before that. Methods throw {@link DataFolderException}.
 */
public final class OfflineDatabase implements AutoCloseable {
  private static final int EVENTS_MAX = 1000;

  private final Path file;
  private final Tables tables;

  private OfflineDatabase(Path file, Tables tables) {
    this.file = file;
    this.tables = tables;
  }

  @FunctionalInterface
  private interface Step<T> {
    T run() throws SQLException;
  }

  /** Takes the entries of one entity, in their order. */
  @FunctionalInterface
  public interface Taker {
    void take(StoredEntry entry);
  }

  /** Opens a file that is there, and of this format. */
  public static OfflineDatabase open(Path file) {
    if (!Files.isReadable(file)) {
      throw new DataFolderException("The file %s cannot be read.".formatted(file));
    }
    try {
      var tables = new Tables(JDBC.createConnection(JDBC.PREFIX + file, new Properties()));
      var database = new OfflineDatabase(file, tables);
      try {
        database.prepare();
        return database;
      } catch (RuntimeException e) {
        database.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unusable(file, e);
    }
  }

  private void prepare() {
    run(
        () -> {
          for (String pragma : Dialect.UNSAFE) {
            tables.run(pragma);
          }
          tables.run(Dialect.BEGIN);
          DataFolder.checkFormat(file, tables.meta(Database.FORMAT).orElse(""));
          return null;
        });
  }

  /** A value that the database says of itself. */
  public Optional<String> meta(String key) {
    return run(() -> tables.meta(key));
  }

  public void putMeta(String key, String value) {
    run(
        () -> {
          tables.putMeta(key, value);
          return null;
        });
  }

  /**
   * Says that the file is all there is, as a server does that stops in order.
   *
   * @throws DataFolderException if its structure is damaged
   */
  public void markWhole() {
    run(
        () -> {
          String damage = tables.ask(Dialect.QUICK_CHECK);
          if (!damage.equals("ok")) {
            throw new DataFolderException(
                "The database %s is damaged: %s.".formatted(file, damage));
          }
          tables.putMeta(Database.CLEAN_STOP, "yes");
          return null;
        });
  }

  public void deleteMeta(String key) {
    run(() -> tables.deleteMeta(key));
  }

  /** Names of entities in their order, those after a name. */
  public List<String> entities(String after, int max) {
    return run(() -> tables.entities(after, max));
  }

  /** @throws BrokenChainException if an entry is not what was written */
  public void read(String entity, Taker taker) {
    run(
        () -> {
          long last = 0;
          long before;
          do {
            before = last;
            last = readPage(entity, before, taker);
          } while (last > before);
          return null;
        });
  }

  private long readPage(String entity, long after, Taker taker) throws SQLException {
    long[] last = {after};
    tables.events(
        entity,
        after + 1,
        Long.MAX_VALUE,
        EVENTS_MAX,
        row -> {
          taker.take(StoredEntry.of(entity, row));
          last[0] = row.nr();
        });
    return last[0];
  }

  /**
   * Appends the next entry.
   *
   * @param writer names who writes, as in the table
   */
  public void append(
      String entity, long sequenceNr, long writtenAt, String writer, JournalEntry entry) {
    EventRow row = EventRow.of(entity, sequenceNr, writtenAt, writer, entry);
    run(
        () -> {
          tables.append(entity, List.of(row));
          return null;
        });
  }

  public void deleteBodies(Collection<String> ids) {
    run(
        () -> {
          tables.deleteBodies(ids);
          return null;
        });
  }

  /** Deletes bodies whose time has come. @param now milliseconds since 1970 */
  public void expireBodies(long now) {
    run(() -> tables.expireBodies(now, Integer.MAX_VALUE));
  }

  public void deleteSnapshots() {
    run(
        () -> {
          tables.run(Dialect.SNAPSHOT_DELETE_ALL);
          return null;
        });
  }

  /** Ends a part of the work, so that none grows too large. */
  public void commit() {
    run(
        () -> {
          tables.run(Dialect.COMMIT);
          tables.run(Dialect.BEGIN);
          return null;
        });
  }

  private <T> T run(Step<T> step) {
    try {
      return step.run();
    } catch (SQLException e) {
      throw Dialect.isDiskFull(e)
          ? new DataFolderException("The disk with %s is full.".formatted(file), e)
          : unusable(file, e);
    }
  }

  private static DataFolderException unusable(Path file, SQLException cause) {
    return new DataFolderException(
        "The file %s is no database that Sotto can use: %s."
            .formatted(file, cause.getMessage()),
        cause);
  }

  @Override
  public void close() {
    run(
        () -> {
          tables.close();
          return null;
        });
  }
}

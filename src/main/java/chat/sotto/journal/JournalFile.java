package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * The data of a server as somebody sees it who only reads: of a stopped or killed one, of a copy, or
 * beside a running one. All that is read belongs to one moment, that of opening. Thread-safe.
 *
 * <p><b>Invariant</b>: nothing is written and no lock of the server's is taken; what is read is not
 * believed to be well-formed. Methods throw {@link FileDamagedException} for what cannot be read.
 */
public final class JournalFile implements AutoCloseable {
  /** Far above what an event or a body may have: nothing larger is taken into memory. */
  private static final int VALUE_BYTES_MAX = 4 * 1024 * 1024;

  private static final int NO_SERIALIZER = -1;
  private static final String LOG_SUFFIX = "-wal";
  private static final String COPY_TIME = "copy-time";

  private final Path file;
  private final SQLiteConnection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** If nobody has the file open: what must not change, since no lock would show it. */
  private final Optional<FileTime> unchangedSince;

  /**
   * A journal's entity.
   *
   * @param id in this file
   * @param name empty if the table of names has none
   * @param deletedTo 0, unless events were deleted, which no server does
   */
  public record Entity(long id, String name, long deletedTo) {}

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws SQLException;
  }

  private JournalFile(
      Path file, SQLiteConnection connection, Optional<FileTime> unchangedSince) {
    this.file = file;
    this.connection = connection;
    this.unchangedSince = unchangedSince;
  }

  /**
   * Opens a data folder, or a database file by itself.
   *
   * @throws UnknownFormatException if it is no data of Sotto, or of a newer one
   * @throws DataFolderException if it cannot be read
   */
  public static JournalFile open(Path path) {
    try {
      Path file = Files.isDirectory(path) ? databaseOf(path) : path;
      if (!Files.exists(file)) {
        throw new DataFolderException("There is no data of Sotto in %s.".formatted(path));
      }
      if (!Files.isReadable(file)) {
        throw new DataFolderException("The database %s may not be read.".formatted(file));
      }
      return connect(file);
    } catch (IOException | FileDamagedException e) {
      throw new DataFolderException("The data in %s cannot be read: %s.".formatted(path, e), e);
    }
  }

  private static Path databaseOf(Path folder) throws IOException {
    try {
      DataFolder.checkFormat(
          folder, Files.readString(folder.resolve(DataFolder.FORMAT_FILE)).strip());
    } catch (NoSuchFileException onlyTheDatabase) {
      return folder.resolve(DataFolder.DATABASE_FILE);
    }
    return folder.resolve(DataFolder.DATABASE_FILE);
  }

  private static JournalFile connect(Path file) throws IOException {
    Path log = file.resolveSibling(file.getFileName() + LOG_SUFFIX);
    if (!Files.exists(log)) {
      return connectUnchanging(file);
    }
    try {
      return connect(file, "?mode=ro", Optional.empty());
    } catch (SQLException e) {
      if (Files.exists(log) && Files.size(log) == 0) {
        return connectUnchanging(file);
      }
      throw unreadable(file, e);
    }
  }

  /** Nobody uses the file. SQLite would put files beside it if it were not told so. */
  private static JournalFile connectUnchanging(Path file) throws IOException {
    try {
      return connect(file, "?mode=ro&immutable=1", Optional.of(Files.getLastModifiedTime(file)));
    } catch (SQLException e) {
      throw unreadable(file, e);
    }
  }

  private static JournalFile connect(Path file, String mode, Optional<FileTime> unchangedSince)
      throws SQLException {
    String url = JDBC.PREFIX + file.toAbsolutePath().toUri() + mode;
    var journal = new JournalFile(file, JDBC.createConnection(url, new Properties()), unchangedSince);
    try {
      journal.begin();
      return journal;
    } catch (SQLException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private void begin() throws SQLException {
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
    try (Statement statement = connection.createStatement()) {
      for (String pragma : Dialect.READER) {
        statement.execute(pragma);
      }
      statement.execute(Dialect.BEGIN_READING);
      Set<String> stored = new HashSet<>();
      try (ResultSet row = statement.executeQuery(Dialect.SCHEMA_STORED)) {
        while (row.next()) {
          stored.add(row.getString(1));
        }
      }
      if (!stored.containsAll(Dialect.TABLES)) {
        throw new UnknownFormatException(
            "The database %s has not the tables of Sotto.".formatted(file));
      }
    }
    DataFolder.checkFormat(file, meta(Database.FORMAT).orElse(""));
  }

  private static DataFolderException unreadable(Path file, SQLException cause) {
    boolean isNoDatabase = cause.getErrorCode() == Dialect.NOT_A_DATABASE;
    return isNoDatabase
        ? new UnknownFormatException("The file %s is no database of Sotto.".formatted(file))
        : new DataFolderException(
            ("The database %s cannot be read: %s. If it lies where nothing may be written, copy it"
                    + " and the -wal file beside it to another folder.")
                .formatted(file, cause.getMessage()),
            cause);
  }

  /** A value of the table {@code meta}. */
  public Optional<String> meta(String key) {
    return ask(
        () -> {
          PreparedStatement statement = statement(Dialect.META_GET);
          statement.setString(1, key);
          try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
          }
        });
  }

  /**
   * Whether the file is all there is of one moment: its server stopped in order, or was killed and
   * left its log, or made this copy itself. A plain copy of a running server's file is not.
   */
  public boolean isWhole() {
    return unchangedSince.isEmpty()
        || meta(Database.CLEAN_STOP).isPresent()
        || meta(COPY_TIME).isPresent();
  }

  /** When the server made this copy, in milliseconds since 1970. */
  public Optional<Long> copyTime() {
    return meta(COPY_TIME).filter(text -> text.matches("[0-9]{1,16}")).map(Long::parseLong);
  }

  /** What is wrong with the structure of the file, as far as SQLite says; empty if nothing is. */
  public List<String> damages() {
    return ask(
        () -> {
          List<String> damages = new ArrayList<>();
          try (ResultSet row = statement(Dialect.INTEGRITY_CHECK).executeQuery()) {
            while (row.next()) {
              damages.add(row.getString(1));
            }
          }
          return damages.equals(List.of("ok")) ? List.of() : damages;
        });
  }

  /** All entities in the order in which they came to be, also those that have events and no name. */
  public List<Entity> entities() {
    return ask(
        () -> {
          List<Entity> entities = new ArrayList<>();
          try (ResultSet row = statement(Dialect.ENTITIES).executeQuery()) {
            while (row.next()) {
              String name = Optional.ofNullable(row.getString(2)).orElse("");
              entities.add(new Entity(row.getLong(1), name, row.getLong(3)));
            }
          }
          return entities;
        });
  }

  /** The stored heads of the next entities that have events, by name, after one name. */
  public List<HashChain> heads(String after, int max) {
    return ask(
        () -> {
          PreparedStatement statement = statement(Dialect.HEADS);
          statement.setString(1, after);
          statement.setInt(2, max);
          List<HashChain> heads = new ArrayList<>();
          try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
              heads.add(
                  new HashChain(text(row, 1), row.getLong(2), Bytes.of(bytes(row, 3))));
            }
          }
          return heads;
        });
  }

  public long headCount() {
    return ask(() -> number(statement(Dialect.HEAD_COUNT)));
  }

  public long eventCount() {
    return ask(() -> number(statement(Dialect.EVENT_COUNT)));
  }

  /** The number of an entity's events after one. */
  public long eventCount(Entity entity, long after) {
    return ask(
        () -> {
          PreparedStatement statement = statement(Dialect.EVENTS_OF_COUNT);
          statement.setLong(1, entity.id());
          statement.setLong(2, after);
          return number(statement);
        });
  }

  /** The next events of an entity in the order of their numbers, whatever those are. */
  public List<EventRow> events(Entity entity, long after, int max) {
    return ask(
        () -> {
          PreparedStatement statement = statement(Dialect.EVENTS_OF);
          statement.setLong(1, entity.id());
          statement.setLong(2, after);
          statement.setInt(3, max);
          return rows(statement);
        });
  }

  /** One event by the name of its entity. */
  public Optional<EventRow> event(String entity, long nr) {
    return ask(
        () -> {
          PreparedStatement statement = statement(Dialect.EVENT_RANGE);
          statement.setString(1, entity);
          statement.setLong(2, nr);
          statement.setLong(3, nr);
          statement.setInt(4, 1);
          return rows(statement).stream().findFirst();
        });
  }

  private static List<EventRow> rows(PreparedStatement statement) throws SQLException {
    List<EventRow> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        rows.add(
            new EventRow(
                row.getLong(1),
                row.getLong(2),
                text(row, 3),
                serializer(row.getLong(4)),
                text(row, 5),
                Bytes.of(bytes(row, 6)),
                Bytes.of(bytes(row, 7)),
                bytes(row, 8)));
      }
    }
    return rows;
  }

  /** SQLite keeps longer numbers; one of them must not pass for the number that it ends with. */
  private static int serializer(long stored) {
    return (int) stored == stored ? (int) stored : NO_SERIALIZER;
  }

  public Optional<StoredBody> body(String id) {
    return ask(
        () -> {
          PreparedStatement statement = statement(Dialect.BODY_FIND);
          statement.setString(1, id);
          try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
              return Optional.empty();
            }
            long expiresAt = row.getLong(1);
            Optional<Long> expiry = row.wasNull() ? Optional.empty() : Optional.of(expiresAt);
            return Optional.of(new StoredBody(expiry, Bytes.of(bytes(row, 2))));
          }
        });
  }

  public long bodyCount() {
    return ask(() -> number(statement(Dialect.BODY_COUNT)));
  }

  /** The number of bodies whose time has come and that are still there. */
  public long expiredBodyCount(long now) {
    return ask(
        () -> {
          PreparedStatement statement = statement(Dialect.BODY_COUNT_EXPIRED);
          statement.setLong(1, now);
          return number(statement);
        });
  }

  private static long number(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String text(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).orElse("");
  }

  private static byte[] bytes(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getBytes(column)).orElse(new byte[0]);
  }

  private synchronized <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw new FileDamagedException(e);
    }
  }

  private PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }

  /**
   * What was read is of one moment only if no server began to use the file meanwhile.
   *
   * @throws DataFolderException if one did
   */
  public void requireUnchanged() {
    try {
      Path log = file.resolveSibling(file.getFileName() + LOG_SUFFIX);
      boolean isUnchanged =
          unchangedSince.isEmpty()
              || unchangedSince.get().equals(Files.getLastModifiedTime(file))
                  && (!Files.exists(log) || Files.size(log) == 0);
      if (!isUnchanged) {
        throw new DataFolderException(
            "A server began to use %s meanwhile: try again.".formatted(file));
      }
    } catch (IOException e) {
      throw new DataFolderException("The data in %s cannot be read: %s.".formatted(file, e), e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new FileDamagedException(e);
    }
  }
}

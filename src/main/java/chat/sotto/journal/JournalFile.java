package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data of a server as somebody sees it who only reads: of a stopped or killed one, of a copy,
 * or beside a running one. All that is read belongs to one moment, that of opening. Thread-safe.
 *
 * <p><b>Invariant</b>: nothing is written and no lock of the server's is taken; what is read is not
 * believed to be well-formed. Methods throw {@link FileDamagedException} for what cannot be read.
 */
public final class JournalFile implements AutoCloseable {
  private static final int NO_SERIALIZER = -1;

  private final ReadingDatabase database;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

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

  private JournalFile(ReadingDatabase database) {
    this.database = database;
  }

  /**
   * Opens a data folder, or a database file by itself.
   *
   * @throws UnknownFormatException if it is no data of Sotto, or of a newer one
   * @throws DataFolderException if it cannot be read
   */
  public static JournalFile open(Path path) {
    var journal = new JournalFile(ReadingDatabase.open(path));
    try {
      DataFolder.checkFormat(path, journal.meta(Database.FORMAT).orElse(""));
      return journal;
    } catch (FileDamagedException e) {
      journal.close();
      throw new DataFolderException("The data in %s cannot be read: %s.".formatted(path, e), e);
    } catch (DataFolderException e) {
      journal.close();
      throw e;
    }
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
    return !database.isUnchanging()
        || meta(Database.CLEAN_STOP).isPresent()
        || meta(DataFolder.COPY_TIME).isPresent();
  }

  /** When the server made this copy, in milliseconds since 1970. */
  public Optional<Long> copyTime() {
    return meta(DataFolder.COPY_TIME).filter(text -> text.matches("[0-9]{1,16}")).map(Long::parseLong);
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

  /** All entities in the order in which they came to be, those too that have no name. */
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

  /** All events of an entity in whose bytes the text stands, in the order of their numbers. */
  public List<EventRow> eventsWith(String entity, String text) {
    return ask(
        () -> {
          PreparedStatement statement = statement(Dialect.EVENTS_WITH);
          statement.setString(1, entity);
          statement.setBytes(2, text.getBytes(StandardCharsets.UTF_8));
          return rows(statement);
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
      known = database.connection().prepareStatement(sql);
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
    database.requireUnchanged();
  }

  @Override
  public synchronized void close() {
    try {
      database.connection().close();
    } catch (SQLException e) {
      throw new FileDamagedException(e);
    }
  }
}

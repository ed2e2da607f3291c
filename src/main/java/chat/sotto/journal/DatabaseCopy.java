package chat.sotto.journal;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.sqlite.JDBC;

/**
 * Copies a database, be it in use or not, as it was at one moment. Only what is to be in the copy
 * is ever written to its file.
 */
public final class DatabaseCopy {
  private DatabaseCopy() {}

  /** What a copy holds. */
  public record Content(long entities, long events, long bodies) {}

  /**
   * Fills a file; a caller that wants it to last syncs it.
   *
   * @param source is not written to
   * @param target an empty file
   * @param meta said beside what the source says of itself
   * @param withBodies whether bodies and snapshots are copied too
   * @throws DataFolderException if the source cannot be read or the copy not be written
   */
  public static Content write(
      Path source, Path target, Map<String, String> meta, boolean withBodies) {
    try (var tables =
        new Tables(JDBC.createConnection(JDBC.PREFIX + target, new Properties()))) {
      for (String pragma : Dialect.UNSAFE) {
        tables.run(pragma);
      }
      tables.attach(source.toAbsolutePath().toUri() + "?mode=ro");
      // One transaction: it sees one state of the source.
      tables.run(Dialect.BEGIN);
      DataFolder.checkFormat(source, tables.ask(Dialect.SOURCE_FORMAT));
      for (String sql : Dialect.SCHEMA) {
        tables.run(sql);
      }
      for (String sql : withBodies ? Dialect.COPY_ALL : Dialect.COPY_JOURNAL) {
        tables.run(sql);
      }
      requireServer(source, tables);
      for (Map.Entry<String, String> each : meta.entrySet()) {
        tables.putMeta(each.getKey(), each.getValue());
      }
      tables.deleteMeta(Database.CLEAN_STOP);
      tables.run(Dialect.COMMIT);
      return content(tables);
    } catch (SQLException e) {
      throw new DataFolderException(
          Dialect.isDiskFull(e)
              ? "The disk is full: the copy %s was not written.".formatted(target)
              : "The database %s cannot be copied: %s.".formatted(source, e.getMessage()),
          e);
    }
  }

  /** Without it nobody could say whose word the journal is. */
  private static void requireServer(Path source, Tables tables) throws SQLException {
    if (tables.meta(DataFolder.SERVER_HOST).isEmpty()) {
      throw new DataFolderException(
          "The database %s does not name its server: start this Sotto with it once."
              .formatted(source));
    }
  }

  private static Content content(Tables tables) throws SQLException {
    return new Content(
        Long.parseLong(tables.ask(Dialect.ENTITY_COUNT)),
        Long.parseLong(tables.ask(Dialect.EVENT_COUNT)),
        Long.parseLong(tables.ask(Dialect.BODY_COUNT)));
  }
}

package chat.sotto.journal;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.sqlite.JDBC;

/** Makes the data of a server that stopped in order, without one, and quickly. */
public final class JournalWriter implements AutoCloseable {
  private static final int WRITES_A_COMMIT = 20_000;

  private final DataFolder folder;
  private final Tables tables;
  private int writes;

  public JournalWriter(Path path) throws SQLException {
    folder = DataFolder.open(path);
    tables =
        new Tables(
            JDBC.createConnection(JDBC.PREFIX + folder.databaseFile(), new Properties()));
    tables.run("PRAGMA synchronous = OFF");
    tables.ask(Dialect.WAL);
    tables.run(Dialect.BEGIN);
    for (String sql : Dialect.SCHEMA) {
      tables.run(sql);
    }
    tables.putMeta(Database.FORMAT, Integer.toString(DataFolder.FORMAT));
  }

  /** @param nr of the entry in its entity */
  public void append(String entity, long nr, long time, JournalEntry entry) throws SQLException {
    tables.append(entity, List.of(EventRow.of(entity, nr, time, "writer", entry)));
    commitNowAndThen();
  }

  public void body(String id, byte[] bytes, Optional<Long> expiresAt) throws SQLException {
    tables.putBody(id, expiresAt, bytes);
    commitNowAndThen();
  }

  public void deleteBody(String id) throws SQLException {
    tables.deleteBodies(List.of(id));
  }

  public void meta(String key, String value) throws SQLException {
    tables.putMeta(key, value);
  }

  private void commitNowAndThen() throws SQLException {
    if (++writes % WRITES_A_COMMIT == 0) {
      tables.run(Dialect.COMMIT);
      tables.run(Dialect.BEGIN);
    }
  }

  @Override
  public void close() throws SQLException {
    tables.putMeta(Database.CLEAN_STOP, "yes");
    tables.run(Dialect.COMMIT);
    tables.close();
    folder.close();
  }
}

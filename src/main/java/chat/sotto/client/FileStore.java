package chat.sotto.client;

import chat.sotto.protocol.JsonRefused;
import chat.sotto.protocol.StrictJson;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One account in one SQLite file (with its write-ahead log beside it), both of mode 0600. A
 * transaction is on disk (fsync) when it returns. One process at a time: two would advance the same
 * ratchets.
 *
 * <p>Not encrypted: private keys stand there as seeds, messages as text. Whoever reads the file is
 * the device. Erased rows are overwritten in the file, as far as the disk lets a program do that.
 */
public class FileStore implements ClientStore {
  private static final int FORMAT = 1;

  private final Connection connection;
  private final SqlRows rows;

  /** @throws StoreException if the file is in use, newer than this program, or cannot be opened */
  public FileStore(Path file) {
    try {
      createPrivately(file);
      connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
    } catch (IOException | SQLException e) {
      throw new StoreException("cannot open the store " + file, e);
    }
    try {
      rows = prepare(file);
    } catch (SQLException e) {
      close();
      throw new StoreException("the store " + file + " is in use or damaged", e);
    } catch (StoreException e) {
      close();
      throw e;
    }
  }

  private static void createPrivately(Path file) throws IOException {
    var mode = PosixFilePermissions.fromString("rw-------");
    try {
      // SQLite gives its log the mode of the file, so the mode has to be right before it opens it.
      Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
    } catch (FileAlreadyExistsException e) {
      Files.setPosixFilePermissions(file, mode);
    }
  }

  private SqlRows prepare(Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA locking_mode = EXCLUSIVE");
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA secure_delete = ON");
      // The first write takes the lock, which an exclusive connection keeps until it closes.
      statement.execute("BEGIN IMMEDIATE");
      int format = format(statement);
      if (format > FORMAT) {
        throw new StoreException("the store " + file + " was written by a newer version of Sotto");
      }
      statement.execute(
          "CREATE TABLE IF NOT EXISTS item (kind TEXT NOT NULL, key TEXT NOT NULL,"
              + " value BLOB NOT NULL, PRIMARY KEY (kind, key)) STRICT");
      statement.execute("PRAGMA user_version = " + FORMAT);
      statement.execute("COMMIT");
    }
    connection.setAutoCommit(false);
    return new SqlRows(connection);
  }

  private static int format(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
      return result.getInt(1);
    }
  }

  @Override
  public synchronized <T> T transaction(Function<Rows, T> work) {
    boolean committed = false;
    try {
      T result = work.apply(rows);
      connection.commit();
      committed = true;
      return result;
    } catch (SQLException e) {
      throw new StoreException("the store could not be written", e);
    } finally {
      if (!committed) {
        rollback();
      }
    }
  }

  private void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      throw new StoreException("the store could not go back", e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new StoreException("the store could not be closed", e);
    }
  }

  private static final class SqlRows implements Rows {
    /** Above every character of a key. */
    private static final String KEY_END = "\u007f";

    private final Connection connection;
    private final PreparedStatement get;
    private final PreparedStatement put;
    private final PreparedStatement delete;
    private final PreparedStatement list;

    SqlRows(Connection connection) throws SQLException {
      this.connection = connection;
      get = connection.prepareStatement("SELECT value FROM item WHERE kind = ? AND key = ?");
      put = connection.prepareStatement("INSERT OR REPLACE INTO item VALUES (?, ?, ?)");
      delete = connection.prepareStatement("DELETE FROM item WHERE kind = ? AND key = ?");
      list =
          connection.prepareStatement(
              "SELECT key, value FROM item"
                  + " WHERE kind = ? AND key >= ? AND key > ? AND key < ? ORDER BY key LIMIT ?");
    }

    @Override
    public <T> Optional<T> get(Table<T> table, String key) {
      try {
        get.setString(1, table.name());
        get.setString(2, key);
        try (ResultSet result = get.executeQuery()) {
          return result.next() ? Optional.of(decode(table, result.getBytes(1))) : Optional.empty();
        }
      } catch (SQLException e) {
        throw new StoreException("the store could not be read", e);
      }
    }

    @Override
    public <T> void put(Table<T> table, String key, T value) {
      try {
        put.setString(1, table.name());
        put.setString(2, key);
        put.setBytes(3, StrictJson.encode(value, table.type()));
        put.executeUpdate();
      } catch (SQLException e) {
        throw new StoreException("the store could not be written", e);
      }
    }

    @Override
    public void delete(Table<?> table, String key) {
      try {
        delete.setString(1, table.name());
        delete.setString(2, key);
        delete.executeUpdate();
      } catch (SQLException e) {
        throw new StoreException("the store could not be written", e);
      }
    }

    @Override
    public void clear() {
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("DELETE FROM item");
      } catch (SQLException e) {
        throw new StoreException("the store could not be erased", e);
      }
    }

    @Override
    public <T> List<Row<T>> list(Table<T> table, String prefix, String after, int max) {
      try {
        list.setString(1, table.name());
        list.setString(2, prefix);
        list.setString(3, after);
        list.setString(4, prefix + KEY_END);
        list.setInt(5, max);
        var found = new ArrayList<Row<T>>();
        try (ResultSet result = list.executeQuery()) {
          while (result.next()) {
            found.add(new Row<>(result.getString(1), decode(table, result.getBytes(2))));
          }
        }
        return found;
      } catch (SQLException e) {
        throw new StoreException("the store could not be read", e);
      }
    }

    private static <T> T decode(Table<T> table, byte[] value) {
      try {
        return StrictJson.decode(value, table.type());
      } catch (JsonRefused e) {
        throw new StoreException("a damaged row of kind " + table.name());
      }
    }
  }
}

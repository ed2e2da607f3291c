package chat.sotto.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** What can happen to the file of a client's store behind its back. */
final class TestStores {
  private TestStores() {}

  static void forgetAnswerToRegistration(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE item SET value = CAST(json_set(json_remove(value, '$.token'),"
              + " '$.registered', json('false')) AS BLOB) WHERE kind = 'self'");
      statement.executeUpdate("DELETE FROM item WHERE kind = 'inbox-place'");
    }
  }

  /** Of a store in use, with all that its log holds. */
  static void copy(Path file, Path copy) throws IOException {
    Files.copy(file, copy);
    Files.copy(wal(file), wal(copy));
  }

  private static Path wal(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }
}

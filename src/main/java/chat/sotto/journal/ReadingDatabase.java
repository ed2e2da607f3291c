package chat.sotto.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * A database file opened by somebody who may not write, in one read transaction from the start.
 *
 * @param unchangedSince if nobody had the file open: no lock would show that somebody changes it
 */
record ReadingDatabase(Path file, Connection connection, Optional<FileTime> unchangedSince) {
  /** Far above what an event or a body may have: nothing larger is taken into memory. */
  private static final int VALUE_BYTES_MAX = 4 * 1024 * 1024;

  private static final String READ_ONLY = "?mode=ro";
  private static final String UNCHANGING = "?mode=ro&immutable=1";

  /**
   * Opens a data folder, or a database file by itself.
   *
   * @throws UnknownFormatException if it is no data of Sotto
   * @throws DataFolderException if it cannot be read
   */
  static ReadingDatabase open(Path path) {
    try {
      Path file = Files.isDirectory(path) ? databaseOf(path) : path;
      if (!Files.exists(file)) {
        throw new DataFolderException("There is no data of Sotto in %s.".formatted(path));
      }
      if (!Files.isReadable(file)) {
        throw new DataFolderException("The database %s may not be read.".formatted(file));
      }
      return openFile(file);
    } catch (IOException e) {
      throw new DataFolderException("The data in %s cannot be read: %s.".formatted(path, e), e);
    }
  }

  private static Path databaseOf(Path folder) throws IOException {
    try {
      String format = Files.readString(folder.resolve(DataFolder.FORMAT_FILE)).strip();
      DataFolder.checkFormat(folder, format);
    } catch (NoSuchFileException onlyTheDatabase) {
      return folder.resolve(DataFolder.DATABASE_FILE);
    }
    return folder.resolve(DataFolder.DATABASE_FILE);
  }

  private static ReadingDatabase openFile(Path file) throws IOException {
    if (!Files.exists(log(file))) {
      return openUnchanging(file);
    }
    try {
      return connect(file, READ_ONLY, Optional.empty());
    } catch (SQLException e) {
      // Where nothing may be written, SQLite cannot share an empty log either; it needs none.
      if (Files.exists(log(file)) && Files.size(log(file)) == 0) {
        return openUnchanging(file);
      }
      throw unreadable(file, e);
    }
  }

  private static Path log(Path file) {
    return file.resolveSibling(file.getFileName() + "-wal");
  }

  /** Nobody uses the file. SQLite would put files beside it if it were not told so. */
  private static ReadingDatabase openUnchanging(Path file) throws IOException {
    try {
      return connect(file, UNCHANGING, Optional.of(Files.getLastModifiedTime(file)));
    } catch (SQLException e) {
      throw unreadable(file, e);
    }
  }

  private static ReadingDatabase connect(
      Path file, String mode, Optional<FileTime> unchangedSince) throws SQLException {
    String url = JDBC.PREFIX + file.toAbsolutePath().toUri() + mode;
    SQLiteConnection connection = JDBC.createConnection(url, new Properties());
    try {
      begin(file, connection);
      return new ReadingDatabase(file, connection, unchangedSince);
    } catch (SQLException | DataFolderException e) {
      connection.close();
      throw e;
    }
  }

  private static void begin(Path file, SQLiteConnection connection) throws SQLException {
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

  /** Whether nobody had the file open, and no log of a killed server lay beside it. */
  boolean isUnchanging() {
    return unchangedSince.isPresent();
  }

  /** @throws DataFolderException if a server began to use the file since it was opened */
  void requireUnchanged() {
    try {
      boolean isUnchanged =
          unchangedSince.isEmpty()
              || unchangedSince.get().equals(Files.getLastModifiedTime(file))
                  && (!Files.exists(log(file)) || Files.size(log(file)) == 0);
      if (!isUnchanged) {
        throw new DataFolderException(
            "A server began to use %s meanwhile: try again.".formatted(file));
      }
    } catch (IOException e) {
      throw new DataFolderException("The data in %s cannot be read: %s.".formatted(file, e), e);
    }
  }
}

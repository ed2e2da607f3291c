package chat.sotto.journal;

import chat.sotto.model.Bytes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The rows of files, as one connection sees them. */
final class FileTables {
  private final Tables tables;

  FileTables(Tables tables) {
    this.tables = tables;
  }

  void put(FileRow row) throws SQLException {
    PreparedStatement statement = tables.statement(Dialect.FILE_PUT);
    statement.setBytes(1, row.id().toArray());
    statement.setString(2, row.user());
    statement.setLong(3, row.size());
    statement.setLong(4, row.received());
    statement.setLong(5, row.expiresAt());
    statement.executeUpdate();
  }

  Optional<FileRow> find(Bytes id) throws SQLException {
    PreparedStatement statement = tables.statement(Dialect.FILE_GET);
    statement.setBytes(1, id.toArray());
    return rows(statement).stream().findFirst();
  }

  /** Notes how much is on disk; false if there is no such file any more. */
  boolean progress(Bytes id, long received, long expiresAt) throws SQLException {
    PreparedStatement statement = tables.statement(Dialect.FILE_PROGRESS);
    statement.setLong(1, received);
    statement.setLong(2, expiresAt);
    statement.setBytes(3, id.toArray());
    return statement.executeUpdate() == 1;
  }

  /** @return what the rows counted for that were there */
  long delete(Collection<Bytes> ids) throws SQLException {
    long freed = 0;
    for (Bytes id : ids) {
      Optional<FileRow> there = find(id);
      if (there.isPresent()) {
        PreparedStatement statement = tables.statement(Dialect.FILE_DELETE);
        statement.setBytes(1, id.toArray());
        statement.executeUpdate();
        freed += there.get().counts();
      }
    }
    return freed;
  }

  /** What the files of a user count for. */
  long used(String user) throws SQLException {
    PreparedStatement statement = tables.statement(Dialect.FILE_BYTES_OF);
    statement.setString(1, user);
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /** What all files count for: reads every row. */
  long used() throws SQLException {
    return Long.parseLong(tables.ask(Dialect.FILE_BYTES));
  }

  List<FileRow> of(String user, int max) throws SQLException {
    PreparedStatement statement = tables.statement(Dialect.FILE_OF);
    statement.setString(1, user);
    statement.setInt(2, max);
    return rows(statement);
  }

  List<FileRow> expired(long now, int max) throws SQLException {
    PreparedStatement statement = tables.statement(Dialect.FILE_EXPIRED);
    statement.setLong(1, now);
    statement.setInt(2, max);
    return rows(statement);
  }

  /** In the order of their ids, those after one. */
  List<FileRow> page(Bytes after, int max) throws SQLException {
    PreparedStatement statement = tables.statement(Dialect.FILE_PAGE);
    statement.setBytes(1, after.toArray());
    statement.setInt(2, max);
    return rows(statement);
  }

  private static List<FileRow> rows(PreparedStatement statement) throws SQLException {
    List<FileRow> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        rows.add(
            new FileRow(
                Bytes.of(row.getBytes(1)),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5)));
      }
    }
    return rows;
  }
}

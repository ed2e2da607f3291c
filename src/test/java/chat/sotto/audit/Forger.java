package chat.sotto.audit;

import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalEntry;
import chat.sotto.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Somebody with write access to a database, who knows how chains are made and has no keys. */
final class Forger implements AutoCloseable {
  private final Connection connection;

  Forger(Path data) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sotto.db"));
  }

  void run(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    }
  }

  private String text(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  List<List<Object>> rows(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      var rows = new ArrayList<List<Object>>();
      try (ResultSet row = statement.executeQuery()) {
        int columns = row.getMetaData().getColumnCount();
        while (row.next()) {
          var fields = new ArrayList<Object>();
          for (int column = 1; column <= columns; column++) {
            fields.add(row.getObject(column));
          }
          rows.add(fields);
        }
      }
      return rows;
    }
  }

  long id(String entity) throws SQLException {
    return Long.parseLong(text("SELECT id FROM entity WHERE name = ?", entity));
  }

  String json(String entity, long nr) throws SQLException {
    return text(
        "SELECT CAST(bytes AS TEXT) FROM event WHERE entity = ? AND nr = ?", id(entity), nr);
  }

  long last(String entity) throws SQLException {
    return Long.parseLong(text("SELECT max(nr) FROM event WHERE entity = ?", id(entity)));
  }

  /** The number of the entity's newest event of a type. */
  long newest(String entity, String type) throws SQLException {
    return Long.parseLong(
        text(
            "SELECT max(nr) FROM event WHERE entity = ?"
                + " AND json_extract(CAST(bytes AS TEXT), '$.type') = ?",
            id(entity),
            type));
  }

  /** Changes an event, and nothing that would show it there. */
  void rewrite(String entity, long nr, UnaryOperator<String> change) throws SQLException {
    List<String> events = events(entity);
    events.set((int) nr - 1, change.apply(events.get((int) nr - 1)));
    replace(entity, events);
  }

  void insert(String entity, long nr, String event) throws SQLException {
    List<String> events = events(entity);
    events.add((int) nr - 1, event);
    replace(entity, events);
  }

  List<String> events(String entity) throws SQLException {
    var events = new ArrayList<String>();
    for (long nr = 1; nr <= last(entity); nr++) {
      events.add(json(entity, nr));
    }
    return events;
  }

  void replace(String entity, List<String> events) throws SQLException {
    long id = id(entity);
    run("DELETE FROM event WHERE entity = ?", id);
    HashChain chain = HashChain.start(entity);
    for (String event : events) {
      byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
      var entry = new JournalEntry(chain.head(), Bytes.of(bytes));
      HashChain next = chain.append(entry);
      run(
          "INSERT INTO event VALUES (?, ?, 0, 'writer', 1001, 'sotto/v1/journal', ?, ?, ?)",
          id,
          next.sequenceNr(),
          chain.head().toArray(),
          next.head().toArray(),
          bytes);
      chain = next;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

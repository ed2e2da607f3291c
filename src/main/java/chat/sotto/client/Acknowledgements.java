package chat.sotto.client;

import chat.sotto.model.Acknowledgement;
import chat.sotto.model.LogPoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The newest signed acknowledgement that names each log, which is what a witness shows. One that no
 * log needs any more goes, so there are never more of them than logs.
 */
final class Acknowledgements {
  private static final Table<Acknowledgement> STATEMENTS =
      new Table<>("acknowledgement", Acknowledgement.class);
  private static final Table<Named> NEWEST = new Table<>("acknowledged", Named.class);
  private static final String KEY = "acknowledgement";

  private final Rows rows;

  /** @param statement key of the acknowledgement that names this point of a log */
  private record Named(String statement, LogPoint point) {
    boolean isAfter(LogPoint other) {
      return point.generation() > other.generation()
          || point.generation() == other.generation()
              && point.sequenceNr() > other.sequenceNr();
    }
  }

  Acknowledgements(Rows rows) {
    this.rows = rows;
  }

  /** Keeps a statement for each log that it acknowledges further than any before. */
  void keep(Acknowledgement statement) {
    String key = Keys.ordinal(KEY, Keys.next(rows, KEY));
    for (LogPoint item : statement.items()) {
      String log = item.kind() + "/" + item.owner();
      Optional<Named> before = rows.get(NEWEST, log);
      // What is pushed once more is acknowledged once more, and may be older.
      if (before.filter(named -> named.isAfter(item)).isEmpty()) {
        rows.put(NEWEST, log, new Named(key, item));
      }
    }
    rows.put(STATEMENTS, key, statement);
    dropSuperseded();
  }

  private void dropSuperseded() {
    Set<String> needed =
        rows.list(NEWEST, "").stream()
            .map(row -> row.value().statement)
            .collect(Collectors.toSet());
    rows.list(STATEMENTS, "").stream()
        .map(Rows.Row::key)
        .filter(key -> !needed.contains(key))
        .forEach(key -> rows.delete(STATEMENTS, key));
  }

  /** In the order in which they were signed. */
  List<Acknowledgement> newest() {
    return rows.list(STATEMENTS, "").stream().map(Rows.Row::value).toList();
  }
}

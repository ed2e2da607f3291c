package chat.sotto.load;

import chat.sotto.journal.DatabaseCopy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a message takes on disk for good: its entry in an inbox and its part of the acknowledgement
 * of 32, in a copy as {@code admin backup} makes it, which has no gaps.
 */
final class JournalSize {
  private static final int PAIRS = 50;
  private static final Duration SECONDS = Duration.ofSeconds(20);

  /** The index of (entity, nr). */
  private static final String INDEX = "sqlite_autoindex_event_1";

  private static final String MESSAGES = count("accepted");
  private static final String HASHES = "length(previous_hash) + length(hash)";
  private static final String WRITER = "length(writer)";
  private static final String MANIFEST = "length(manifest)";
  private static final String VARYING =
      "length(bytes) + %s + %s + %s".formatted(HASHES, WRITER, MANIFEST);

  private final Connection copy;
  private final PrintStream out;
  private final double messages;

  private JournalSize(Connection copy, PrintStream out) throws SQLException {
    this.copy = copy;
    this.out = out;
    this.messages = number(MESSAGES);
  }

  static void measure(PrintStream out, Progress progress) throws SQLException, IOException {
    try (var server = MadeServer.fresh()) {
      Plan plan = Plans.pairs(PAIRS, Duration.ZERO, SECONDS, OptionalInt.empty());
      Scenario.W1.run(plan, server, progress);
      server.stop();
      Path used = server.data().resolve("sotto.db");
      Path copy = server.data().resolveSibling("copy.db");
      DatabaseCopy.write(used, copy, Map.of(), true);
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy)) {
        new JournalSize(connection, out).tell(Files.size(used));
      }
    }
  }

  private static String count(String type) {
    return "SELECT count(*) FROM journal WHERE type = '%s'".formatted(type);
  }

  private static String bytes(String table) {
    return "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name = '%s'".formatted(table);
  }

  private static String sum(String of) {
    return "SELECT sum(%s) FROM event".formatted(of);
  }

  private static String events(String which) {
    return "SELECT coalesce(sum(length(event)), 0) FROM journal WHERE type " + which;
  }

  private double number(String sql) throws SQLException {
    try (var statement = copy.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getDouble(1);
    }
  }

  private void row(String what, double bytes) {
    out.printf("| %s | %.1f |%n", what, bytes / messages);
  }

  private void tell(long usedBytes) throws SQLException {
    out.printf(
        "| of %,.0f messages and %,.0f acknowledgements | bytes a message |%n|---|---|%n",
        messages, number(count("acked")));
    double table = number(bytes("event"));
    double index = number(bytes(INDEX));
    row("**journal in all**", table + index);
    row("JSON of the entry", number(events("= 'accepted'")));
    row("JSON of its part of the acknowledgement", number(events("= 'acked'")));
    row("JSON of other events", number(events("NOT IN ('accepted', 'acked')")));
    row("chain hash, and the one before", number(sum(HASHES)));
    row("uuid of the writer", number(sum(WRITER)));
    row("name of the chain's rule", number(sum(MANIFEST)));
    double payload = number("SELECT sum(payload) FROM dbstat WHERE name = 'event'");
    row("numbers, times and lengths of columns", payload - number(sum(VARYING)));
    row("SQLite's pages", table - payload);
    row("index of entity and number", index);
    row("beside it: snapshots", number(bytes("snapshot")));
    row("beside it: bodies, of keys and vaults", number(bytes("body")));
    row("the file as it was used, with its gaps", usedBytes);
    out.println();
    tellFields();
  }

  /** What the JSON of an entry consists of, names and marks counted. */
  private void tellFields() throws SQLException {
    out.printf("| field of the entry | bytes |%n|---|---|%n");
    String fields =
        """
        SELECT key, avg(length(key) + length(json_quote(value)) + 4)
        FROM journal, json_each(event) WHERE journal.type = 'accepted'
        GROUP BY key ORDER BY 2 DESC""";
    try (var statement = copy.createStatement();
        var row = statement.executeQuery(fields)) {
      while (row.next()) {
        out.printf("| %s | %.1f |%n", row.getString(1), row.getDouble(2));
      }
    }
  }
}

package chat.sotto.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.journal.HashChain;
import chat.sotto.journal.JournalEntry;
import chat.sotto.model.Bytes;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.Map;

/** Whether the journal is one: whole as a database, numbered without gaps, chained. */
final class JournalCheck {
  private JournalCheck() {}

  static void check(Path data) throws Exception {
    Map<String, HashChain> heads = new HashMap<>();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("sotto.db"));
        var statement = connection.createStatement()) {
      try (var answer = statement.executeQuery("PRAGMA integrity_check")) {
        assertEquals("ok", answer.getString(1));
      }
      try (var row =
          statement.executeQuery(
              "SELECT name, nr, previous_hash, hash, bytes FROM event"
                  + " JOIN entity ON id = entity WHERE length(hash) = 32 ORDER BY name, nr")) {
        while (row.next()) {
          HashChain head = heads.computeIfAbsent(row.getString(1), HashChain::start);
          head = head.append(new JournalEntry(Bytes.of(row.getBytes(3)), Bytes.of(row.getBytes(5))));
          assertEquals(row.getLong(2), head.sequenceNr());
          assertEquals(Bytes.of(row.getBytes(4)), head.head());
          heads.put(row.getString(1), head);
        }
      }
    }
  }
}

package chat.sotto.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chat.sotto.journal.JournalFile;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured on journals that were made says something only if servers could have. */
class LongJournalsTest {
  @TempDir Path data;

  @Test
  void aMadeJournalHolds() throws SQLException {
    try (var journal = new MadeJournal(data)) {
      var people = LongJournals.register(journal, "idle", 3);
      Member busy = LongJournals.busy(journal, "busy", people, 100);

      assertEquals(100, journal.state(busy).chain().sequenceNr());
      assertEquals(
          journal.state(busy).inbox().head(),
          journal.state(busy).devices().get(busy.device).cursor().point());
    }

    try (JournalFile file = JournalFile.open(data)) {
      Result result = Audit.run(file, Options.standard());

      assertEquals("[]", result.findings().toString());
      assertEquals(4, result.counts().get(Counted.USERS));
      // Registered by 3 events; acknowledged at 33, 66 and 100.
      assertEquals(100 - 3 - 3, result.counts().get(Counted.ENTRIES));
    }
  }
}

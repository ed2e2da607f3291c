package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.after;
import static chat.sotto.journal.TestDatabase.await;
import static chat.sotto.journal.TestDatabase.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalSourceTest {
  private static final HashChain ALICE = HashChain.start("User|alice");

  @TempDir Path path;

  @Test
  void givesWhatIsAfterOneNumberAndUpToAnother() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a", "b", "c", "d"));
      await(db.append(HashChain.start("User|bob"), "other"));

      List<StoredEntry> entries = await(db.journal.read("User|alice", 1, 3));

      assertEquals(List.of(2L, 3L), entries.stream().map(StoredEntry::sequenceNr).toList());
      HashChain chain = after(ALICE, "a");
      for (StoredEntry stored : entries) {
        chain = chain.append(stored.entry());
        assertEquals(chain.head(), stored.hash());
        assertEquals(1_000, stored.writtenAt());
      }
      assertEquals(List.of(), await(db.journal.read("User|alice", 4, 9)));
      assertEquals(List.of(), await(db.journal.read("User|nobody", 0, 9)));
    }
  }

  @Test
  void givesNoMoreThanItsMaximum() {
    String[] events =
        IntStream.rangeClosed(0, JournalSource.ENTRIES_MAX)
            .mapToObj(i -> "event-" + i)
            .toArray(String[]::new);
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, events));

      assertEquals(
          JournalSource.ENTRIES_MAX,
          await(db.journal.read("User|alice", 0, Long.MAX_VALUE)).size());
      assertEquals(
          JournalSource.ENTRIES_MAX,
          await(db.journal.read("User|alice", 1, Long.MAX_VALUE)).size());
    }
  }

  @Test
  void failsOnAnEntryThatWasChanged() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a", "b"));
      TestDatabase.change(path, "UPDATE event SET bytes = '{\"type\":\"B\"}' WHERE nr = 2");

      assertInstanceOf(
          BrokenChainException.class, awaitFailure(db.journal.read("User|alice", 0, 2)));
      assertEquals(1, await(db.journal.read("User|alice", 0, 1)).size());
    }
  }
}

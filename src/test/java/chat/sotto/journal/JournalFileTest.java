package chat.sotto.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chat.sotto.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data as somebody sees it who only reads: of a stopped, a running, a killed server, of copies. */
class JournalFileTest {
  private static final String ENTITY = "User|bob";

  @TempDir Path folder;

  private Path data() {
    return folder.resolve("data");
  }

  private void stopped() throws Exception {
    try (var database = new TestDatabase(data())) {
      append(database, HashChain.start(ENTITY), "one", "two");
      database.bodies.put("kept", new byte[] {7}, 5).toCompletableFuture().get();
    }
  }

  private static void append(TestDatabase database, HashChain after, String... events)
      throws Exception {
    database.append(after, events).get(TestDatabase.WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static List<Long> numbers(JournalFile journal) {
    JournalFile.Entity entity = journal.entities().get(0);
    return journal.events(entity, Long.MIN_VALUE, 100).stream().map(EventRow::nr).toList();
  }

  @Test
  void readsAStoppedServersDataAndLeavesNothingThere() throws Exception {
    stopped();
    List<String> before = names(data());

    try (JournalFile journal = JournalFile.open(data())) {
      assertEquals(ENTITY, journal.entities().get(0).name());
      assertEquals(List.of(1L, 2L), numbers(journal));
      assertEquals(2, journal.eventCount());
      assertEquals(1, journal.eventCount(journal.entities().get(0), 1));
      EventRow second = journal.event(ENTITY, 2).orElseThrow();
      assertEquals("{\"type\":\"two\"}", new String(second.bytes(), StandardCharsets.UTF_8));
      assertEquals(Optional.empty(), journal.event(ENTITY, 3));
      assertEquals(
          Optional.of(new StoredBody(Optional.of(5L), Bytes.of(new byte[] {7}))),
          journal.body("kept"));
      assertEquals(1, journal.bodyCount());
      assertEquals(List.of(), journal.damages());
      assertTrue(journal.isWhole());
      journal.requireUnchanged();
    }

    assertEquals(before, names(data()));
  }

  @Test
  void readsADatabaseByItselfAlsoUnderAnOddName() throws Exception {
    stopped();
    Path copy = folder.resolve("a?b #%20.db");
    Files.copy(data().resolve("sotto.db"), copy);

    try (JournalFile journal = JournalFile.open(copy)) {
      assertEquals(List.of(1L, 2L), numbers(journal));
    }
  }

  @Test
  void besideARunningServerAllIsOfOneMoment() throws Exception {
    try (var database = new TestDatabase(data())) {
      HashChain start = HashChain.start(ENTITY);
      append(database, start, "one");
      try (JournalFile journal = JournalFile.open(data())) {
        append(database, TestDatabase.after(start, "one"), "two");

        assertEquals(List.of(1L), numbers(journal));
        assertTrue(journal.isWhole());
        journal.requireUnchanged();
      }
      try (JournalFile journal = JournalFile.open(data())) {
        assertEquals(List.of(1L, 2L), numbers(journal));
      }
    }
  }

  @Test
  void readsWhatAKilledServerLeftInItsLog() throws Exception {
    Path left = folder.resolve("left");
    Files.createDirectories(left);
    try (var database = new TestDatabase(data())) {
      append(database, HashChain.start(ENTITY), "one");
      for (String name : List.of("format", "sotto.db", "sotto.db-wal")) {
        Files.copy(data().resolve(name), left.resolve(name));
      }
    }

    try (JournalFile journal = JournalFile.open(left)) {
      assertEquals(List.of(1L), numbers(journal));
      assertTrue(journal.isWhole());
    }
  }

  @Test
  void aCopyWithoutTheLogIsNotWhole() throws Exception {
    stopped();
    Path copy = folder.resolve("copy.db");
    try (var database = new TestDatabase(data())) {
      append(database, TestDatabase.after(HashChain.start(ENTITY), "one", "two"), "three");
      database.database.write(0, tables -> tables.body("none")).get();
      try (var other = DriverManager.getConnection("jdbc:sqlite:" + data().resolve("sotto.db"));
          var statement = other.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
      }
      Files.copy(data().resolve("sotto.db"), copy);
    }

    try (JournalFile journal = JournalFile.open(copy)) {
      assertFalse(journal.isWhole());
    }
  }

  @Test
  void noticesThatAServerBeganToUseTheFile() throws Exception {
    stopped();
    try (JournalFile journal = JournalFile.open(data());
        var database = new TestDatabase(data())) {
      append(database, TestDatabase.after(HashChain.start(ENTITY), "one", "two"), "three");

      assertThrows(DataFolderException.class, journal::requireUnchanged);
    }
  }

  @Test
  void refusesWhatIsNotThere() {
    var refusal =
        assertThrows(DataFolderException.class, () -> JournalFile.open(folder.resolve("none")));
    assertFalse(refusal instanceof UnknownFormatException);
    assertThrows(DataFolderException.class, () -> JournalFile.open(folder));
  }

  @Test
  void refusesWhatIsNoDataOfSotto() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no database ".repeat(1000));
    Path empty = Files.writeString(folder.resolve("empty"), "");
    Path other = folder.resolve("other.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + other);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE event (nr INTEGER)");
    }

    for (Path file : List.of(text, empty, other)) {
      assertThrows(UnknownFormatException.class, () -> JournalFile.open(file));
    }
  }

  @Test
  void refusesANewerFormatOfFolderAndOfDatabase() throws Exception {
    stopped();
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + data().resolve("sotto.db"));
        var statement = connection.createStatement()) {
      statement.execute("UPDATE meta SET value = '2' WHERE key = 'format'");
    }
    assertThrows(UnknownFormatException.class, () -> JournalFile.open(data()));
    Files.writeString(data().resolve("format"), "3\n");
    var refusal =
        assertThrows(UnknownFormatException.class, () -> JournalFile.open(data()));
    assertTrue(refusal.getMessage().contains("format 3"), refusal.getMessage());
  }

  @Test
  void takesNothingHugeIntoMemory() throws Exception {
    stopped();
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + data().resolve("sotto.db"));
        var statement = connection.createStatement()) {
      statement.execute("UPDATE body SET bytes = zeroblob(20000000)");
    }

    try (JournalFile journal = JournalFile.open(data())) {
      assertThrows(FileDamagedException.class, () -> journal.body("kept"));
      assertEquals(List.of(1L, 2L), numbers(journal));
    }
  }
}

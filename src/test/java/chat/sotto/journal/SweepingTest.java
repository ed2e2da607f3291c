package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that nobody needs are deleted in the end, whatever happens to the server. */
class SweepingTest {
  private static final String BODIES = "SELECT count(*) FROM body";
  private static final String NOTES = "SELECT count(*) FROM unneeded";

  @TempDir Path path;

  @Test
  void deletesThemSoonAndNothingElse() {
    try (var db = new TestDatabase(path)) {
      put(db, 3);

      await(db.bodies.deleteSoon(List.of(id(0), "none", id(2))));

      awaitSwept(db);
      assertEquals("1", ask(db, BODIES));
      assertTrue(await(db.bodies.get(id(1))).isPresent());
    }
  }

  @Test
  void asksForNothingIfThereIsNothing() {
    try (var db = new TestDatabase(path)) {
      await(db.bodies.deleteSoon(List.of()));

      assertEquals("0", ask(db, NOTES));
    }
  }

  @Test
  void takesSeveralStepsAndGoesOnWithMoreThanItLooksUpAtOnce() {
    int count = 2 * Sweeping.PAGE + Sweeping.STEP + 1;
    try (var db = new TestDatabase(path)) {
      put(db, count + 1);
      for (int i = 1; i < count; i++) {
        db.bodies.deleteSoon(List.of(id(i)));
      }
      await(db.bodies.deleteSoon(List.of(id(count))));

      awaitSwept(db);
      assertEquals("1", ask(db, BODIES));
      assertArrayEquals(new byte[] {1}, await(db.bodies.get(id(0))).orElseThrow());
    }
  }

  @Test
  void whatIsNotedTwiceIsDeletedOnce() {
    try (var db = new TestDatabase(path)) {
      put(db, 2);

      db.bodies.deleteSoon(List.of(id(0)));
      await(db.bodies.deleteSoon(List.of(id(0), "none")));

      awaitSwept(db);
      assertEquals("1", ask(db, BODIES));
    }
  }

  @Test
  void goesOnAfterACrash() {
    try (var db = new TestDatabase(path)) {
      put(db, 3);
    }
    // As a server leaves it that was killed before it came to delete them.
    note(id(0) + "\n" + id(1));

    try (var db = new TestDatabase(path)) {
      awaitSwept(db);
      assertEquals("1", ask(db, BODIES));
    }
  }

  @Test
  void deletesAllBeforeItCloses() {
    try (var db = new TestDatabase(path)) {
      put(db, 3 * Sweeping.STEP);
      for (int i = 1; i < 3 * Sweeping.STEP; i++) {
        db.bodies.deleteSoon(List.of(id(i)));
      }
    }

    assertEquals("1", TestDatabase.sql(path, BODIES));
    assertEquals("0", TestDatabase.sql(path, NOTES));
  }

  @Test
  void aCopyDeletesThemToo() throws Exception {
    try (var db = new TestDatabase(path)) {
      put(db, 2);
    }
    note(id(0));
    Path copy = copied("copy");

    try (var db = new TestDatabase(copy)) {
      awaitSwept(db);
      assertEquals("1", ask(db, BODIES));
    }
  }

  @Test
  void aDatabaseThatKnowsNoNotesIsCopiedAndUsed() throws Exception {
    try (var db = new TestDatabase(path)) {
      put(db, 2);
    }
    TestDatabase.change(path, "DROP TABLE unneeded");
    Path copy = copied("copy");

    for (Path each : List.of(path, copy)) {
      try (var db = new TestDatabase(each)) {
        await(db.bodies.deleteSoon(List.of(id(0))));
        awaitSwept(db);
        assertEquals("1", ask(db, BODIES));
      }
    }
  }

  private Path copied(String name) throws Exception {
    TestDatabase.change(path, "INSERT OR REPLACE INTO meta VALUES ('server-host', 'chat.example')");
    Path folder = Files.createDirectory(path.resolve(name));
    Path target = Files.createFile(folder.resolve("sotto.db"));
    DatabaseCopy.write(path.resolve("sotto.db"), target, Map.of(), true);
    return folder;
  }

  private void note(String ids) {
    TestDatabase.change(path, "INSERT INTO unneeded (bodies) VALUES ('%s')".formatted(ids));
  }

  private static void put(TestDatabase db, int count) {
    IntStream.range(1, count).forEach(i -> db.bodies.put(id(i), new byte[] {1}, Long.MAX_VALUE));
    await(db.bodies.put(id(0), new byte[] {1}, Long.MAX_VALUE));
  }

  private static String id(int i) {
    return "body-%05d".formatted(i);
  }

  private static void awaitSwept(TestDatabase db) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestDatabase.WAIT_SECONDS);
    while (!ask(db, NOTES).equals("0")) {
      assertTrue(System.nanoTime() < end, "not swept");
      await(db.database.readAfterWrites(tables -> tables.highestNr("any")));
    }
  }

  private static String ask(TestDatabase db, String sql) {
    return await(db.database.read(tables -> ask(tables, sql)));
  }

  private static String ask(Tables tables, String sql) throws SQLException {
    return tables.ask(sql);
  }
}

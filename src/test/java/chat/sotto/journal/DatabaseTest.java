package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.after;
import static chat.sotto.journal.TestDatabase.await;
import static chat.sotto.journal.TestDatabase.awaitFailure;
import static chat.sotto.journal.TestDatabase.sql;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final HashChain ALICE = HashChain.start("User|alice");
  private static final HashChain BOB = HashChain.start("User|bob");

  @TempDir Path path;

  @Test
  void keepsEventsAndBodiesOverARestart() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a", "b"));
      await(db.bodies.keep("vault/alice", new byte[] {1, 2}));
    }
    try (var db = new TestDatabase(path)) {
      assertEquals(List.of("a", "b"), db.types("User|alice"));
      assertEquals(2, db.highestNr("User|alice"));
      assertEquals(2, await(db.bodies.get("vault/alice")).orElseThrow().length);
      assertEquals(0, db.highestNr("User|bob"));
    }
  }

  @Test
  void aDatabaseOfBeforeThereWereFilesGetsTheirTable() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a"));
    }
    TestDatabase.change(path, "DROP TABLE file");
    try (var db = new TestDatabase(path)) {
      assertEquals(List.of("a"), db.types("User|alice"));
      assertEquals("0", sql(path, "SELECT count(*) FROM file"));
    }
  }

  @Test
  void refusesNumbersThatAreNotNextAndWritesThatDoNotFollowTheHead() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a"));

      var repeated = awaitFailure(db.append(ALICE, "again"));
      var gap = awaitFailure(db.append(after(ALICE, "a", "b"), "c"));
      var fork = awaitFailure(db.append(after(ALICE, "other"), "b"));

      for (Throwable refusal : List.of(repeated, gap, fork)) {
        assertInstanceOf(RefusedWriteException.class, refusal);
      }
      assertEquals(List.of("a"), db.types("User|alice"));
      await(db.append(after(ALICE, "a"), "b"));
      assertEquals(List.of("a", "b"), db.types("User|alice"));
    }
  }

  @Test
  void oneRefusedWriteLeavesTheOthersOfItsBatch() {
    try (var db = new TestDatabase(path)) {
      var hold = db.holdWriter();
      var first = db.append(ALICE, "a");
      var secondWriter = db.append(ALICE, "x");
      var halfBad = appendHalfBad(db);
      var violation =
          db.database.write(
              0,
              tables -> {
                tables.run("INSERT INTO meta (key, value) VALUES ('format', '2')");
                return null;
              });
      var last = db.append(BOB, "b");
      hold.release();

      await(first);
      await(last);
      assertInstanceOf(RefusedWriteException.class, awaitFailure(secondWriter));
      assertInstanceOf(RefusedWriteException.class, awaitFailure(halfBad));
      assertInstanceOf(RefusedWriteException.class, awaitFailure(violation));
      assertEquals(List.of("a"), db.types("User|alice"));
      assertEquals(List.of("b"), db.types("User|bob"));
      assertEquals(List.of(), db.types("User|carol"));
      assertFalse(db.failure.isDone());
    }
  }

  private static CompletableFuture<Void> appendHalfBad(TestDatabase db) {
    var rows = new ArrayList<>(TestDatabase.rows(HashChain.start("User|carol"), "c", "d"));
    rows.add(rows.get(1));
    return db.append("User|carol", rows);
  }

  @Test
  void anEventThatTheDatabaseRefusesLeavesNoTrace() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a"));
      var hold = db.holdWriter();
      var one = db.append("User|alice", List.of(withoutWriter(after(ALICE, "a"), "x")));
      var ofNobodyYet = db.append("User|bob", List.of(withoutWriter(BOB, "x")));
      var secondOfTwo =
          db.append(
              "User|alice",
              List.of(
                  TestDatabase.rows(after(ALICE, "a"), "b").get(0),
                  withoutWriter(after(ALICE, "a", "b"), "x")));
      var last = db.append(after(ALICE, "a"), "b");
      hold.release();

      for (var refused : List.of(one, ofNobodyYet, secondOfTwo)) {
        assertInstanceOf(RefusedWriteException.class, awaitFailure(refused));
      }
      await(last);
      assertEquals(List.of("a", "b"), db.types("User|alice"));
      assertEquals("1", sql(path, "SELECT count(*) FROM entity"));
      assertFalse(db.failure.isDone());
    }
  }

  /** A row that its table refuses. */
  private static EventRow withoutWriter(HashChain after, String event) {
    EventRow row = TestDatabase.rows(after, event).get(0);
    return new EventRow(
        row.nr(),
        row.writtenAt(),
        null,
        row.serializer(),
        row.manifest(),
        row.previousHash(),
        row.hash(),
        row.bytes());
  }

  @Test
  void whatWasUndoneIsNoHead() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a"));
      var undone =
          db.database.write(
              0,
              tables -> {
                tables.append("User|alice", TestDatabase.rows(after(ALICE, "a"), "b"));
                throw new IllegalStateException("on purpose");
              });
      assertInstanceOf(IllegalStateException.class, awaitFailure(undone));

      assertInstanceOf(
          RefusedWriteException.class, awaitFailure(db.append(after(ALICE, "a", "b"), "c")));
      await(db.append(after(ALICE, "a"), "b"));

      assertEquals(List.of("a", "b"), db.types("User|alice"));
    }
  }

  @Test
  void aBodyQueuedBeforeAnEventIsDurableNoLaterThanIt() {
    try (var db = new TestDatabase(path)) {
      var hold = db.holdWriter();
      db.bodies.put("body-1", new byte[] {7}, Long.MAX_VALUE);
      var event = db.append(ALICE, "accepted");
      assertEquals(Optional.empty(), await(db.bodies.get("body-1")));
      hold.release();

      boolean bodyThereWithEvent =
          event.thenCompose(done -> db.bodies.get("body-1")).thenApply(Optional::isPresent).join();

      assertTrue(bodyThereWithEvent);
    }
  }

  @Test
  void aLostTransactionTakesBodyAndEventAlike() {
    try (var db = new TestDatabase(path)) {
      var hold = db.holdWriter();
      var body = db.bodies.put("body-1", new byte[] {7}, Long.MAX_VALUE);
      var event = db.append(ALICE, "accepted");
      breakDisk(db);
      hold.release();

      assertInstanceOf(StoreClosedException.class, awaitFailure(body));
      assertInstanceOf(StoreClosedException.class, awaitFailure(event));
    }
    try (var db = new TestDatabase(path)) {
      assertEquals(Optional.empty(), await(db.bodies.get("body-1")));
      assertEquals(List.of(), db.types("User|alice"));
    }
  }

  @Test
  void afterAFailureNothingIsWrittenAnyMore() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a"));
      breakDisk(db);

      assertInstanceOf(SQLException.class, await(db.failure));
      var later = awaitFailure(db.append(after(ALICE, "a"), "b"));
      assertInstanceOf(StoreClosedException.class, later);
      assertInstanceOf(
          StoreClosedException.class,
          awaitFailure(db.database.readAfterWrites(tables -> tables.highestNr("User|alice"))));
    }
    assertEquals("1", sql(path, "SELECT count(*) FROM event"));
    assertEquals("no row", sql(path, "SELECT value FROM meta WHERE key = 'clean-stop'"));
  }

  /** An error that is not a refusal of one statement, as a disk gives it. */
  private static CompletableFuture<Void> breakDisk(TestDatabase db) {
    return db.database.write(
        0,
        tables -> {
          throw new SQLException("disk I/O error", "", 10);
        });
  }

  @Test
  void aReadWaitsForWritesThatWereQueuedBefore() {
    try (var db = new TestDatabase(path)) {
      for (int round = 0; round < 100; round++) {
        HashChain chain = HashChain.start("User|" + round);
        var hold = db.holdWriter();
        db.append(chain, "a");
        var highest = db.database.readAfterWrites(tables -> tables.highestNr(chain.entity()));
        assertFalse(highest.isDone());
        hold.release();

        assertEquals(1L, await(highest));
      }
    }
  }

  @Test
  void closingCommitsWhatIsQueuedAndRefusesWhatComesLater() {
    var db = new TestDatabase(path);
    var pending = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 2_000; i++) {
      pending.add(db.append(HashChain.start("User|" + i), "a"));
    }
    db.close();

    pending.forEach(TestDatabase::await);
    assertInstanceOf(StoreClosedException.class, awaitFailure(db.append(BOB, "late")));
    assertEquals("2000", sql(path, "SELECT count(*) FROM event"));
    assertFalse(Files.exists(path.resolve("sotto.db-wal")));
    assertEquals("yes", sql(path, "SELECT value FROM meta WHERE key = 'clean-stop'"));
  }

  @Test
  void aBatchHoldsFourMebibytesAndNotMore() {
    try (var db = new TestDatabase(path)) {
      int half = Writer.BATCH_BYTES_MAX / 2;
      var hold = db.holdWriter();
      var first = db.database.write(half, tables -> put(tables, "first"));
      var firstIsCommitted =
          db.database.write(half, tables -> db.bodies.get("first").toCompletableFuture().join());
      var second = new TestDatabase.Hold();
      var third = db.database.write(1, tables -> second.here());
      hold.release();

      // The reader beside the writer does not see the first: it shares the second's transaction.
      assertEquals(Optional.empty(), await(firstIsCommitted));
      await(first);
      assertFalse(third.isDone());
      second.release();
      await(third);
    }
  }

  private static Void put(Tables tables, String id) throws SQLException {
    tables.putBody(id, Optional.empty(), new byte[1]);
    return null;
  }

  @Test
  void anAuditorReadsTheJournalWithPlainSql() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "registered"));

      assertEquals(
          "User|alice 1 1970-01-01T00:00:01.000Z registered {\"type\":\"registered\"} "
              + "0".repeat(64),
          sql(
              path,
              "SELECT concat_ws(' ', entity, nr, written_at, type, event, previous_hash)"
                  + " FROM journal"));
    }
  }

  @Test
  void theDatabaseIsReadableByItsOwnerOnly() throws IOException {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a"));
      for (String name : List.of("sotto.db", "sotto.db-wal", "sotto.db-shm", "lock", "format")) {
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve(name))),
            name);
      }
    }
  }

  @Test
  void refusesADatabaseOfANewerFormat() {
    new TestDatabase(path).close();
    TestDatabase.change(path, "UPDATE meta SET value = '2' WHERE key = 'format'");

    var refusal = assertThrows(DataFolderException.class, () -> new TestDatabase(path));

    assertTrue(refusal.getMessage().contains("start a newer Sotto"), refusal.getMessage());
  }

  @Test
  void refusesAFileThatIsNoDatabase() throws IOException {
    Files.writeString(path.resolve("sotto.db"), "my diary".repeat(100));

    var refusal = assertThrows(DataFolderException.class, () -> new TestDatabase(path));

    assertTrue(refusal.getMessage().contains("cannot be opened"), refusal.getMessage());
    assertTrue(Files.readString(path.resolve("sotto.db")).startsWith("my diary"));
  }

  @Test
  void findsDamageAfterAnUncleanStop() throws IOException {
    try (var db = new TestDatabase(path)) {
      for (int i = 0; i < 500; i++) {
        await(db.append(HashChain.start("User|" + i), "a"));
      }
    }
    TestDatabase.change(path, "DELETE FROM meta WHERE key = 'clean-stop'");
    overwritePages();

    try (var db = new TestDatabase(path)) {
      assertTrue(await(db.failure).getMessage().contains("damaged"));
      assertInstanceOf(StoreClosedException.class, awaitFailure(db.append(BOB, "b")));
    }
  }

  /** Every page from the twentieth on, so that schema and meta stay as they are. */
  private void overwritePages() throws IOException {
    try (var file = new RandomAccessFile(path.resolve("sotto.db").toFile(), "rw")) {
      for (long at = 20 * 4096; at < file.length(); at += 4096) {
        file.seek(at);
        file.write(new byte[64]);
      }
    }
  }

  @Test
  void anUncleanStopWithoutDamageIsNoFailure() {
    try (var db = new TestDatabase(path)) {
      await(db.append(ALICE, "a"));
      breakDisk(db);
      await(db.failure);
    }
    try (var db = new TestDatabase(path)) {
      await(db.append(after(ALICE, "a"), "b"));
      assertEquals(List.of("a", "b"), db.types("User|alice"));
      assertFalse(db.failure.isDone());
    }
  }
}

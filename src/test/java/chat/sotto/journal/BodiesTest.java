package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.await;
import static chat.sotto.journal.TestDatabase.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodiesTest {
  private static final String MARK = "mark-of-a-body-that-must-go";

  @TempDir Path path;

  @Test
  void replacesABodyUnderTheSameId() {
    try (var db = new TestDatabase(path)) {
      await(db.bodies.keep("vault/alice", new byte[] {1}));
      await(db.bodies.keep("vault/alice", new byte[] {2, 3}));

      assertArrayEquals(new byte[] {2, 3}, await(db.bodies.get("vault/alice")).orElseThrow());
    }
  }

  @Test
  void deletesSeveralAndDoesNotMindMissingOnes() {
    try (var db = new TestDatabase(path)) {
      await(db.bodies.put("a", new byte[] {1}, Long.MAX_VALUE));
      await(db.bodies.put("b", new byte[] {2}, Long.MAX_VALUE));
      await(db.bodies.put("c", new byte[] {3}, Long.MAX_VALUE));

      await(db.bodies.delete(List.of("a", "none", "b")));

      assertEquals(Optional.empty(), await(db.bodies.get("a")));
      assertEquals(Optional.empty(), await(db.bodies.get("b")));
      assertTrue(await(db.bodies.get("c")).isPresent());
    }
  }

  @Test
  void givesTheNewestOfARangeThatFitAndTheFirstInAnyCase() {
    try (var db = new TestDatabase(path)) {
      for (String id : List.of("a/1", "a/2", "a/3", "a-b/9", "a0", "ab/1")) {
        db.bodies.keep(id, new byte[10]);
      }
      await(db.bodies.keep("a/4", new byte[10]));

      assertEquals(List.of("a/4", "a/3", "a/2", "a/1"), newest(db, "a0", 40));
      assertEquals(List.of("a/4", "a/3", "a/2"), newest(db, "a0", 39));
      assertEquals(List.of("a/4"), newest(db, "a0", 1));
      assertEquals(List.of("a/2", "a/1"), newest(db, "a/3", 40));
      assertEquals(List.of(), newest(db, "a/1", 40));
      assertEquals(2, await(db.bodies.newest("a/", "a0", 2, 40)).size());
    }
  }

  private static List<String> newest(TestDatabase db, String before, long bytesMax) {
    return List.copyOf(await(db.bodies.newest("a/", before, 1_000, bytesMax)).keySet());
  }

  @Test
  void deletesARangeOfManyStepsAndNothingBesideIt() {
    try (var db = new TestDatabase(path)) {
      for (int i = 0; i < 101; i++) {
        db.bodies.keep("a/%04d".formatted(i), new byte[] {1});
      }
      await(db.bodies.keep("a-b/1", new byte[] {1}));

      await(db.bodies.deleteBetween("a/", "a/0100"));

      assertEquals(List.of("a/0100"), newest(db, "a0", 1_000));
      assertTrue(await(db.bodies.get("a-b/1")).isPresent());
    }
  }

  @Test
  void deletesManyInSteps() {
    try (var db = new TestDatabase(path)) {
      List<String> ids = IntStream.range(0, 101).mapToObj("a/%04d"::formatted).toList();
      ids.forEach(id -> db.bodies.keep(id, new byte[] {1}));

      await(db.bodies.deleteInSteps(ids.subList(0, 100)));

      assertEquals(List.of("a/0100"), newest(db, "a0", 1_000));
      await(db.bodies.deleteInSteps(List.of()));
    }
  }

  @Test
  void givesNothingFromMemoryThatIsNotOnDiskAnyMore() {
    try (var db = new TestDatabase(path)) {
      for (String id : List.of("a/1", "a/2", "b", "c")) {
        await(db.bodies.put(id, new byte[] {1}, Long.MAX_VALUE));
      }

      await(db.bodies.deleteBetween("a/", "a0"));
      await(db.bodies.delete(List.of("b")));
      await(db.bodies.keep("c", new byte[] {2}));

      assertEquals(Optional.empty(), await(db.bodies.get("a/1")));
      assertEquals(Optional.empty(), await(db.bodies.get("a/2")));
      assertEquals(Optional.empty(), await(db.bodies.get("b")));
      assertArrayEquals(new byte[] {2}, await(db.bodies.get("c")).orElseThrow());
    }
  }

  @Test
  void dropsWhatHasExpiredAndKeepsTheRest() {
    try (var db = new TestDatabase(path, clockAt(999))) {
      for (int i = 0; i < 2 * Upkeep.EXPIRE_MAX + 1; i++) {
        db.bodies.put("expired-" + i, new byte[] {1}, 1_000);
      }
      db.bodies.put("later", new byte[] {1}, 1_001);
      await(db.bodies.keep("kept", new byte[] {1}));
      assertEquals("1001", await(db.database.read(BodiesTest::expiredLeft)));
    }
    try (var db = new TestDatabase(path, clockAt(1_000))) {
      while (!"0".equals(await(db.database.read(BodiesTest::expiredLeft)))) {
        await(db.database.readAfterWrites(tables -> tables.highestNr("any")));
      }
      assertTrue(await(db.bodies.get("later")).isPresent());
      assertTrue(await(db.bodies.get("kept")).isPresent());
    }
  }

  private static Clock clockAt(long millis) {
    return Clock.fixed(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  private static String expiredLeft(Tables tables) throws SQLException {
    return tables.ask("SELECT count(*) FROM body WHERE expires_at <= 1000");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200, 100_000})
  void deletedAndReplacedBytesAreInNoFileAfterACleanStop(int copies) throws IOException {
    byte[] secret = MARK.repeat(copies).getBytes(StandardCharsets.UTF_8);
    try (var db = new TestDatabase(path)) {
      await(db.bodies.put("deleted", secret, Long.MAX_VALUE));
      await(db.bodies.keep("replaced", secret));
      await(db.bodies.keep("shorter", secret));
      assertTrue(isOnDisk());
      await(db.bodies.delete(List.of("deleted")));
      await(db.bodies.keep("replaced", new byte[secret.length]));
      await(db.bodies.keep("shorter", new byte[1]));
    }
    assertFalse(isOnDisk());
  }

  @Test
  void deletedBytesAreInNoFileAfterATruncateBesideARunningServer() throws IOException {
    try (var db = new TestDatabase(path)) {
      await(db.bodies.put("deleted", MARK.getBytes(StandardCharsets.UTF_8), Long.MAX_VALUE));
      await(db.bodies.delete(List.of("deleted")));
      assertTrue(isOnDisk());

      db.database.truncateLog();
      while (Files.size(path.resolve("sotto.db-wal")) > 0) {
        await(db.database.readAfterWrites(tables -> tables.highestNr("any")));
      }

      assertFalse(isOnDisk());
    }
  }

  private boolean isOnDisk() throws IOException {
    try (var files = Files.list(path)) {
      for (Path file : files.toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(MARK)) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void refusesBodiesWhenTheQueueIsFullAndTakesThemAgainLater() {
    try (var db = new TestDatabase(path)) {
      byte[] large = new byte[Writer.QUEUED_BYTES_MAX / 8 - 100];
      var hold = db.holdWriter();
      var taken = new CompletionStage<?>[8];
      Arrays.setAll(taken, i -> db.bodies.put("large-" + i, large, Long.MAX_VALUE));

      var refused = awaitFailure(db.bodies.put("one-more", new byte[1], Long.MAX_VALUE));
      var event = db.append(HashChain.start("User|alice"), "a");
      hold.release();

      assertInstanceOf(StoreBusyException.class, refused);
      await(event);
      for (CompletionStage<?> one : taken) {
        await(one);
      }
      await(db.bodies.put("one-more", new byte[1], Long.MAX_VALUE));
    }
  }

  @Test
  void idsAreFreshAndSortByTime() {
    try (var db = new TestDatabase(path)) {
      String id = db.bodies.newId(1_700_000_000_000L);

      assertTrue(id.matches("[0-9a-f]{32}"), id);
      assertNotEquals(id, db.bodies.newId(1_700_000_000_000L));
      assertTrue(id.compareTo(db.bodies.newId(1_700_000_000_001L)) < 0);
    }
  }
}

package chat.sotto.journal;

import static chat.sotto.journal.TestDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final int BODY_BYTES = 1 << 20;

  @TempDir Path path;

  @Test
  void theLogStaysBoundedUnderLoad() throws IOException {
    try (var db = new TestDatabase(path)) {
      for (int i = 0; i < 6; i++) {
        writeBodies(db, 40);
        long bytes = Files.size(wal());
        assertTrue(
            bytes < Checkpoints.RESTART_ABOVE_BYTES + 2L * Writer.BATCH_BYTES_MAX,
            "log of " + bytes);
      }
    }
  }

  @Test
  void aReaderInTheWayStopsNoWriteAndTheLogIsErasedAfterIt() throws IOException {
    try (var db = new TestDatabase(path)) {
      writeBodies(db, 1);
      var hold = new TestDatabase.Hold();
      CompletionStage<Void> reader = db.database.read(tables -> holdSnapshot(tables, hold));
      hold.awaitReached();

      db.database.truncateLog();
      writeBodies(db, 80);
      assertTrue(Files.size(wal()) > Checkpoints.RESTART_ABOVE_BYTES);
      hold.release();
      await(reader);

      while (Files.size(wal()) > 0) {
        await(db.database.readAfterWrites(tables -> tables.highestNr("any")));
      }
      assertEquals(81, bodies(db));
    }
  }

  private static Void holdSnapshot(Tables tables, TestDatabase.Hold hold)
      throws SQLException {
    tables.run("BEGIN");
    tables.ask("SELECT count(*) FROM body");
    hold.here();
    tables.run("COMMIT");
    return null;
  }

  private static int bodies(TestDatabase db) {
    return Integer.parseInt(
        await(db.database.read(tables -> tables.ask("SELECT count(*) FROM body"))));
  }

  private static void writeBodies(TestDatabase db, int count) {
    List<CompletionStage<Void>> pending = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pending.add(db.bodies.put(db.bodies.newId(i), new byte[BODY_BYTES], Long.MAX_VALUE));
      if (pending.size() == 32) {
        pending.forEach(TestDatabase::await);
        pending.clear();
      }
    }
    pending.forEach(TestDatabase::await);
  }

  private Path wal() {
    return path.resolve("sotto.db-wal");
  }
}
